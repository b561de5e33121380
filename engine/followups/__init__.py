"""Questions that a pitch gives reason to ask, each with why, and with the words that it is about: by rules, and better
where a language model writes them, whose words are checked against the text."""
