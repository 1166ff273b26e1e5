// What is too large to be sent is said before it is sent.
export function watchUploads() {
  for (const input of document.querySelectorAll("input[type=file][data-max-size]")) {
    const limit = Number(input.dataset.maxSize);
    const look = () => {
      const isTooLarge = [...input.files].some(({ size }) => size > limit);
      input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
      if (isTooLarge) input.reportValidity();
    };
    input.addEventListener("change", look);
    look();
  }
}
