import json
import urllib.request


def call(url: str, body: dict | None = None) -> list | dict:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


pitch = {"title": "Cups that keep warm", "text": "Our cups keep tea warm. Will you try one?"}
print(call("http://localhost:8000/api/v1/pitches", pitch)["sentences"])
for session in call("http://localhost:8000/api/v1/sessions"):
    print(session["begun"], session["title"])
