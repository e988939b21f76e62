// The chosen colours, before anything is painted: a page that flashes white at night is no night page.
try {
  const theme = localStorage.getItem('rc.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {}
