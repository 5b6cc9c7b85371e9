// Before anything is drawn: that there is a script, and the colours that were chosen.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('katafarm-theme');
    if (theme === 'dark' || theme === 'light') {
      root.dataset.theme = theme;
    }
  } catch {
    // A browser that keeps nothing goes by its own setting.
  }
})();
