/** The button that changes colours, and keeps what was chosen. */
export function tendTheme() {
  const button = document.querySelector('[data-theme-toggle]');
  if (!button) {
    return;
  }
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(isDark()));

  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('katafarm-theme', root.dataset.theme);
    } catch {
      // It holds for this page alone, then.
    }
    show();
  });
  system.addEventListener('change', show);
  show();
}
