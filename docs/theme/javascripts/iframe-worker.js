// Browsers refuse workers to a page that is opened from a folder. There the search runs in a hidden frame instead, which answers as a
// worker does: a copy of what is posted to it arrives as a message inside, and a copy of what is posted inside arrives here.
if (location.protocol === "file:") {
  window.Worker = class {
    onmessage = null;
    onerror = null;
    #frame = document.createElement("iframe");
    #inside;

    constructor(address) {
      this.#frame.hidden = true;
      this.#frame.title = "search";
      document.body.append(this.#frame);
      const inside = this.#frame.contentWindow;
      inside.postMessage = (sent) => {
        const data = structuredClone(sent);
        setTimeout(() => this.onmessage?.(new MessageEvent("message", { data })));
      };
      this.#inside = new Promise((loaded) => {
        const script = inside.document.createElement("script");
        script.src = address;
        script.onload = () => loaded(inside);
        script.onerror = (event) => this.onerror?.(event);
        inside.document.body.append(script);
      });
    }

    postMessage(sent) {
      const data = structuredClone(sent);
      this.#inside.then((inside) => inside.dispatchEvent(new inside.MessageEvent("message", { data })));
    }

    terminate() {
      this.#frame.remove();
    }
  };
}
