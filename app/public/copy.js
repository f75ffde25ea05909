// Copies the address of the site. Where the browser does not allow it, the address is marked, ready to be copied by hand.
const button = document.querySelector(".copy");
const copied = document.querySelector(".copied span");

button.hidden = false;
button.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    copied.hidden = false;
  } catch {
    getSelection().selectAllChildren(document.querySelector(".address"));
  }
});
