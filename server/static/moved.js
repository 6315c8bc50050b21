// On a host that cannot redirect, the address of a thing leads on to its page.
const found = /^(.*\/)id\/(.+)$/.exec(location.pathname);
if (found) location.replace(`${found[1]}page/${found[2]}.html${location.hash}`);
