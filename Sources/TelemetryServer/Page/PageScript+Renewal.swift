extension PageScript {
    /// Asks for the page again every five seconds, and changes what has changed and nothing else: nothing flickers, and what is
    /// selected stays selected. A page of another version is loaded anew. It says so when nothing answers any more.
    /// The page works without it.
    package static let renewal = PageScript(
        text: """
            (() => {
              const every = 5000, lost = document.createElement("p");
              let seen = new Date();
              lost.className = "lost";
              lost.setAttribute("role", "alert");
              const clock = (date) => date.toISOString().slice(11, 19) + " UTC";
              function adopt(old, now) {
                if (old.nodeName !== now.nodeName || old.childNodes.length !== now.childNodes.length) {
                  old.replaceWith(document.importNode(now, true));
                } else if (old.nodeType === Node.TEXT_NODE) {
                  if (old.data !== now.data) old.data = now.data;
                } else {
                  for (const { name, value } of now.attributes) {
                    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
                  }
                  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
                  [...old.childNodes].forEach((child, index) => adopt(child, now.childNodes[index]));
                }
              }
              async function renew() {
                try {
                  const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout?.(every) });
                  if (!answer.ok) throw new Error("it answers " + answer.status);
                  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
                  const style = (page) => page.querySelector("style").textContent;
                  if (style(page) !== style(document)) return location.reload();
                  for (const part of ["header", "main", "footer"]) {
                    adopt(document.querySelector(part), page.querySelector(part));
                  }
                  document.title = page.title;
                  document.body.className = page.body.className;
                  seen = new Date();
                  lost.remove();
                } catch (error) {
                  lost.textContent = "Nothing has answered here since " + clock(seen)
                    + ": all below is of then. Asked again every 5 s. (" + error.message + ")";
                  document.body.classList.add("gone");
                  document.title = "No answer – " + document.title.replace("No answer – ", "");
                  document.body.prepend(lost);
                }
                setTimeout(renew, every);
              }
              setTimeout(renew, every);
            })();
            """,
        hash: "P71ixmY5AzY7wpLEHNDm7PJrXsXur2Zevidy1snWND4="
    )
}
