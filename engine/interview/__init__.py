"""The offline partner's craft, without a model and without I/O: what an answer gives reason to ask, in the speaker's
own words, and what to say next. `lexicon` holds the words, `phrases` finds what was spoken of, `cues` what was said
with it, `memory` what the conversation has had so far; `interviewer` decides."""
