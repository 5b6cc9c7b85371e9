/** Buttons that copy the command beside them. */
export function tendCopies() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]');
    const text = button?.parentElement.querySelector('code')?.textContent;
    if (!text) {
      return;
    }
    const said = await navigator.clipboard?.writeText(text).then(
      () => 'Copied',
      () => 'Select it',
    );
    button.textContent = said ?? 'Select it';
    if (said !== 'Copied') {
      getSelection()?.selectAllChildren(button.parentElement.querySelector('code'));
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
}
