"""The machine's own microphone and speaker, for a page whose browser has none, or is not to be used for sound.

`devices` is the border to PortAudio, `playback` and `capture` are what its callbacks feed, `sound` is one page's use of
both: it takes what a conversation says, and posts what it hears.
"""
