// Puts the parts of the page together.

import { setUpListening } from "./listen.js";
import { isMicrophoneLocked } from "./microphone.js";
import { byId, show } from "./page-parts.js";
import { setUpSpeaking } from "./speak.js";
import { setUpStatus } from "./status.js";
import { setUpTalking } from "./talk.js";
import { apiKey, useKey } from "./wire.js";

/** Says what a locked microphone needs, with this server's own address and port. */
function explainMicrophone() {
  if (!isMicrophoneLocked()) return;
  const help = byId("microphone-help");
  const port = location.port || (location.protocol === "https:" ? "443" : "80");
  for (const place of help.querySelectorAll(".origin")) place.textContent = location.origin;
  help.querySelector(".tunnel").textContent = `ssh -L ${port}:127.0.0.1:${port} USER@${location.hostname}`;
  help.querySelector(".local").textContent = `http://localhost:${port}/`;
  help.hidden = isSecureContext;
  for (const id of ["listen-state", "talk-state"]) {
    show(id, isSecureContext ? "This browser offers no microphone." : "The microphone is locked here: see above.");
  }
  byId("listen-start").disabled = true;
}

function setUpKey() {
  byId("key").value = apiKey();
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const isFine = useKey(byId("key").value.trim());
    show("key-state", isFine ? "The key is in use." : "A key has visible ASCII characters only.");
  });
}

setUpKey();
explainMicrophone();
setUpListening();
setUpSpeaking();
setUpTalking();
setUpStatus();
