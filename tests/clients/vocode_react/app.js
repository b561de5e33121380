// The smallest page around the hook of the `vocode` package: a button, its status, its transcripts.
import React from "react";
import { createRoot } from "react-dom/client";
import { useConversation } from "vocode";

const query = new URLSearchParams(location.search);

function App() {
  const talk = useConversation({
    backendUrl: query.get("backend"),
    audioDeviceConfig: {},
    subscribeTranscript: true,
  });
  window.talk = talk;
  return React.createElement(
    "main",
    null,
    React.createElement("button", { onClick: talk.start }, "Talk"),
    React.createElement("button", { onClick: () => talk.stop() }, "Stop"),
    React.createElement("p", { id: "status" }, talk.status),
  );
}

createRoot(document.getElementById("root")).render(React.createElement(App));
