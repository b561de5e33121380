"""The talk's captions and its waterfall, fed with what the server says."""

from playwright.async_api import Browser, Page

from tests.ui.scripted import stage

NOTHING = {"line": None, "begun": 0, "finished": 0}


async def shown(page: Page, *events: tuple[str, dict[str, object]], now: dict[str, object] = NOTHING) -> list[dict]:
    return await page.evaluate(
        """([events, now]) => {
          const captions = new talk.Captions();
          for (const [kind, event] of events) captions[kind](event);
          return captions.view(now).map(({ key, ...turn }) => turn);
        }""",
        [events, now],
    )


def line(number: int, text: str) -> tuple[str, dict[str, object]]:
    return "line", {"line": number, "mark": "user_response", "text": text}


def said(speaker: str, text: str, *, start: float = 0.0, end: float = 1.0, cut: bool = False) -> tuple[str, dict]:
    return "said", {"speaker": speaker, "text": text, "start": start, "end": end, "interrupted": cut}


async def test_words_light_up_as_they_sound(browser: Browser) -> None:
    async with stage(browser) as page:
        now = {"line": 2, "begun": 7, "finished": 3}
        [turn] = await shown(page, line(1, "Hello."), said("agent", "Hello."), line(2, "How are you?"), now=now)
    assert (turn["heard"], turn["sounding"], turn["coming"]) == ("Hello. How", "are", "you?")
    assert not turn["cut"]


async def test_what_was_cut_off_is_told_from_what_was_heard(browser: Browser) -> None:
    async with stage(browser) as page:
        turn, mine = await shown(
            page,
            line(1, "How did it begin?"),
            line(2, "And why?"),
            said("agent", "How did", cut=True),
            ("reply", {"complete": False}),
            said("user", "wait"),
        )
    assert (turn["heard"], turn["lost"], turn["cut"]) == ("How did", "it begin? And why?", True)
    assert (mine["speaker"], mine["heard"], mine["cut"]) == ("you", "wait", False)


async def test_a_reply_of_which_nothing_was_heard_was_not_said(browser: Browser) -> None:
    async with stage(browser) as page:
        assert not await shown(page, line(1, "How did it begin?"), ("reply", {"complete": False}))


async def test_a_line_that_goes_on_after_a_noise_is_shown_once(browser: Browser) -> None:
    async with stage(browser) as page:
        [turn] = await shown(page, line(1, "Go on."), line(1, "Go on."), said("agent", "Go on."), ("reply", {}))
    assert (turn["heard"], turn["coming"], turn["cut"]) == ("Go on.", "", False)


async def test_the_transcript_replaces_what_was_missed_and_keeps_what_is_being_said(browser: Browser) -> None:
    kept = [
        {"speaker": "agent", "text": "Hello.", "start": 0, "end": 1, "interrupted": False, "mark": "opening"},
        {"speaker": "user", "text": "hi", "start": 4.5, "end": 5, "interrupted": False, "mark": None},
        {"speaker": "agent", "text": "How", "start": 6, "end": 7, "interrupted": True, "mark": "user_response"},
    ]
    async with stage(browser) as page:
        turns = await shown(page, line(1, "And then?"), ("restore", kept))
        summary = await page.evaluate(
            "(lines) => { const c = new talk.Captions(); c.restore(lines); return c.summary(); }", kept
        )
    assert [turn["heard"] or turn["coming"] for turn in turns] == ["Hello.", "hi", "How", "And then?"]
    assert [turn["cut"] for turn in turns] == [False, False, True, False]
    assert summary == {"seconds": 7, "you": 1, "agent": 2, "longest": 3.5}


async def test_only_the_last_turns_are_kept_on_the_page(browser: Browser) -> None:
    async with stage(browser) as page:
        turns = await shown(page, *(said("user", f"turn {number}") for number in range(30)))
    assert turns[-1]["heard"] == "turn 29"
    assert len(turns) == 12


async def test_the_stages_of_a_turn_sum_to_its_total_and_end_when_it_sounds(browser: Browser) -> None:
    stages = [["waiting", 0.9], ["hearing", 0.7], ["thinking", 0.1], ["speaking", 0.05], ["sending", 0.001]]
    async with stage(browser) as page:
        turns = await page.evaluate(
            """(stages) => {
              const fall = new talk.Waterfall();
              fall.audio({ at: 1000 }); fall.latency({ turn: 1, stages }); fall.audio({ at: 1020 });
              fall.began({ at: 1060 }); fall.audio({ at: 1080 }); fall.quiet();
              fall.audio({ at: 5000 }); fall.clear(); // of a reply that never sounded
              fall.audio({ at: 6000 }); fall.began({ at: 6002 }); fall.latency({ turn: 2, stages });
              return fall.turns;
            }""",
            stages,
        )
    assert [turn["turn"] for turn in turns] == [1, 2]
    assert [round(turn["stages"][-1]["seconds"], 3) for turn in turns] == [0.06, 0.002]
    for turn in turns:
        assert turn["total"] == sum(each["seconds"] for each in turn["stages"])
        assert [each["name"] for each in turn["stages"]] == [name for name, _ in stages] + ["heard"]
