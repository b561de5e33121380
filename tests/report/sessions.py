"""Made-up sessions to report on: what was said, in scripts, and what is measured of it."""

from __future__ import annotations

import re
from functools import cache

from engine.analysis.analyse import analyse
from engine.analysis.values import Capability, Line, Material, Span
from engine.providers.base import Word
from engine.records import Aim
from engine.report.values import Brief

_PAUSE = re.compile(r"<([\d.]+)>")


def material(script, *, mode="conversation", capability=Capability.VERBATIM, goal="", context="", seconds=None):
    """A session of `script`: "U 150: …" said by the user at 150 words a minute, "P 170: …" by the partner, half a second
    between two lines; "<1.2>" is a pause."""
    lines, at = [], 1.0
    for number, row in enumerate(filter(None, map(str.strip, script.strip().splitlines()))):
        head, text = row.split(": ", 1)
        who, rate = head.split()
        words = list(_timed(text, at, int(rate)))
        lines.append(
            Line(
                id=number,
                speaker={"U": "user", "P": "partner", "C": "coach"}[who],
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=words[-1].end,
                words=tuple(words),
            )
        )
        at = words[-1].end + 0.5
    return Material(
        seconds=seconds or at + 1,
        lines=tuple(lines),
        speech={who: _spans([line for line in lines if line.speaker == who]) for who in ("user", "partner")},
        mode=mode,
        capability=capability,
        goal=goal,
        context=context,
    )


def _timed(text, at, rate):
    for piece in text.split():
        if pause := _PAUSE.fullmatch(piece):
            at += float(pause[1])
            continue
        seconds = 60 / rate * (0.4 + 0.6 * len(piece) / 4.4)
        yield Word(text=piece, start=round(at, 3), end=round(at + seconds, 3))
        at += seconds


def _spans(lines):
    found = []
    for word in (word for line in lines for word in line.words):
        if found and word.start - found[-1][1] < 0.25:
            found[-1][1] = word.end
        else:
            found.append([word.start, word.end])
    return [Span(start=start, end=end) for start, end in found]


def brief(script, *, aim=None, **more):
    aim = aim or Aim()
    made = material(script, goal=aim.goal, context=aim.context, mode=aim.mode, **more)
    return Brief(material=made, analysis=analyse(made), aim=aim)


@cache
def sessions():
    """Briefs by name."""
    return {name: brief(script, aim=aim, **more) for name, (aim, script, more) in SCRIPTS.items()}


SCRIPTS = {
    "hackathon": (
        Aim(
            context="I'm at a networking session at a hackathon",
            goal="Come across as friendly, approachable and compelling",
            user_name="Alex",
            participants="Maya",
            mode="networking",
        ),
        """
        U 160: Hi, I'm Alex. I um I work on voice tools.
        P 170: Hi Alex, I'm Maya. We just finished a pilot with two hospitals in Leeds.
        U 165: Oh nice. We have a, like, a small team, and we are building a coach that listens while you talk, and uh it gives you a hint when you need one, and then afterwards you get a report, and we think, you know, that a lot of people could use it, because everybody has to speak at some point.
        P 175: Interesting. Who uses it so far?
        U 170: So um mostly students at the moment. We have four hundred of them since March.
        P 170: Four hundred is a good start. Our nurses were sceptical for weeks.
        U 150: How did the pilot end?
        P 165: Both hospitals signed for a year. The nurses asked for it in the end.
        U 155: What made them change their mind?
        P 170: One ward counted the minutes. It saved them forty minutes a shift.
        U 150: Forty minutes, that is a lot. <1.2> Could we talk about how you counted that, maybe tomorrow at lunch?
        P 170: Sure, come and find me.
        """,
        {},
    ),
    "pitch": (
        Aim(context="Three minutes in front of investors", goal="Sound confident and be clear", mode="pitch"),
        """
        U 190: Good morning. We are Loopa, and we make a bike lock that opens with your phone.
        U 195: Last year two hundred thousand bikes were stolen in this country, and um most of them had a lock on. <0.4> The lock was not the problem, the key was, because people are in a hurry and so they do not use the second lock, they do not use the chain, they just, they just click it shut and hope.
        U 200: Our lock closes by itself when you walk away. <1.4> It opens by itself when you come back. There is no key and there is nothing to remember, and it costs eighty nine euros, which is basically what people pay for a good chain.
        U 195: We sold twelve hundred of them in Utrecht since May, and uh four of them were cut, which is, you know, a rate that insurers like a lot.
        U 185: We are raising half a million to do the same in Copenhagen and in Berlin. Thank you.
        """,
        {},
    ),
    "interview, long answers": (
        Aim(context="Interview for a data engineer's job", goal="Keep my answers under two minutes and to the point", participants="Priya Nair", mode="interview"),
        """
        P 165: Tell me about a project you are proud of.
        U 150: Yeah so at my last company we had a pipeline that took the orders from all the shops and put them into the warehouse every night, and it had grown over the years, and nobody really knew what was in it any more, and it broke about once a week, and then somebody had to get up at three in the morning, which was usually me. So I sat down and I drew it, all of it, on a wall, with paper, and I found that of the forty steps there were eleven that nobody needed. And then I, I talked to the people in finance, because they were the ones who got the numbers, and they said that two of the reports had not been opened for a year. So we switched those off, and we moved the rest to small jobs that can fail by themselves without taking the others down with them, and we wrote a test for each of them, and that took maybe four months, with two of us. And I think what I learned there was that the drawing was the main thing, more than the code, because everybody could suddenly see it. And after that it broke, I think, twice in the whole year. We also sort of got rid of the night shift, and the finance team now looks at the numbers before breakfast, and there was also a cost side to it, because the warehouse bill went down by a third, although that was not really the plan.
        P 170: What would you do differently today?
        U 155: I would talk to finance first. It took me six weeks to find out what they did not need, and I could have asked on the first day.
        P 165: How do you handle disagreement in a team?
        U 150: I try to write down what each side would need to see to change their mind. Most of the time it turns out that we disagree about a number, and then we can go and measure it. For example we argued about the size of the batches for weeks, and in the end it took one afternoon to try three sizes.
        """,
        {},
    ),
    "interview, short answers": (
        Aim(context="Practice interview", goal="", mode="interview"),
        """
        P 165: Why do you want to work here?
        U 140: I like the product.
        P 165: What do you like about it?
        U 140: It is um it is simple. I use it every day.
        P 160: Tell me about a difficult customer.
        U 135: There was one who called every morning. I called him first, before he could.
        P 165: What happened then?
        U 140: He stopped calling.
        P 160: And what did you learn?
        U 138: That people call because they do not know. So tell them before they ask.
        """,
        {},
    ),
    "many fillers": (
        Aim(context="Weekly stand-up", goal="Fewer ums", mode="conversation"),
        """
        U 140: Um so yesterday I uh I worked on the um the login page and uh it is nearly done I mean the um the tests still fail.
        P 170: Which tests?
        U 138: Um the uh the ones for um for the password reset, you know, because the uh the mail server is um is not there in the test environment.
        P 170: Can you fake it?
        U 142: Um yes I uh I think so, I mean we have um we have a fake one from the uh from the billing team. I will ask Tom for it today.
        P 165: Good. Anything in your way?
        U 140: Uh no, um, not really, only that the um the design for the error page is uh is missing.
        """,
        {},
    ),
    "partner dominated": (
        Aim(context="Coffee with a possible mentor", goal="Learn how she got into climate finance", participants="Dr Helen Osei", mode="one_to_one"),
        """
        P 170: So I started at a bank, like everybody, and I did bonds for six years, and then I had a child and I could not explain to her what I did all day.
        U 150: Right.
        P 175: And there was a small fund that looked for somebody who could read a balance sheet and did not mind mud, because they bought forests, actual forests, in Latvia and later in Ghana.
        U 150: Okay, interesting.
        P 170: I learned more about trees in that year than about money in six. And then the regulation came and suddenly everybody wanted to know what a forest is worth when it stands.
        U 145: I see. That makes sense.
        P 175: And now I advise three governments, which sounds grander than it is. Mostly I tell people what a tonne is.
        U 150: I would like to do something like that too.
        """,
        {},
    ),
    "sales": (
        Aim(context="Discovery call with a bakery chain", goal="Find out what their waste costs them and get a second meeting", participants="Jonas Weber", mode="sales"),
        """
        U 155: Thanks for making time, Jonas. How do you decide today how many loaves to bake?
        P 170: Every shop manager guesses, honestly. They look at last week and at the sky.
        U 150: What happens with the bread that is left in the evening?
        P 175: It goes to a farm. It is about nine percent on a normal day and fifteen when it rains.
        U 158: Nine percent. What does that cost you in a month?
        P 170: We never counted. Maybe thirty thousand for all twelve shops.
        U 152: And when it rains, who notices first?
        P 170: The drivers. They come back with full crates.
        U 155: We did this for a chain of eight shops in Graz. They went from eleven percent to six in ten weeks. <1.5> Would you be open to try it in two of your shops?
        P 165: Two shops I could do. Not before Easter though.
        U 150: Then let's meet on Tuesday after Easter, and I will bring the numbers from Graz.
        P 170: Fine. Send me an invitation.
        """,
        {},
    ),
    "no punctuation": (
        Aim(context="", goal="speak slower", mode="conversation"),
        """
        U 215: so i was telling my brother that the garden needs water every day in july and he said that it is too much and that the tomatoes will split
        P 180: mine split every year
        U 220: that is because you water them in the evening and then the sun comes and they grow too fast so now i do it at six in the morning with the old can and it takes me twenty minutes and since then not one of them has split
        P 175: twenty minutes is a lot
        U 218: it is but i listen to the news while i do it and the neighbours cat comes along and we have eleven plants this year and last year it was only four
        """,
        {},
    ),
    "stripped": (
        Aim(context="Investor Q and A", goal="Answer clearly with numbers", mode="pitch"),
        """
        P 170: What does it cost to get a customer?
        U 150: Forty euros, and they stay for two years on average.
        P 170: And what do they pay?
        U 150: Nine euros a month. So a customer is worth about two hundred euros to us.
        P 170: Who else does this?
        U 148: There are two companies in Spain. They sell to hotels, we sell to families. That is a different product, because a family has no reception desk.
        P 165: Why now?
        U 152: Because the new phones can do it without extra hardware since last autumn.
        """,
        {"capability": Capability.STRIPPED},
    ),
    "interrupting": (
        Aim(context="Talk with a colleague about the release", goal="Listen more", participants="Ana", mode="one_to_one"),
        """
        P 170: I think we should wait with the release, because the importer still loses rows and nobody has looked
        U 185: No no we cannot wait, we promised it to the Danish customer and they have planned their training around it, and I told them on Friday that it will be there.
        P 170: But if the importer loses rows then they will
        U 190: They will not even use the importer in the first week, they start with the new screens, and honestly the importer has always lost rows, it is just that nobody counted them before, so it is not worse than it was.
        P 165: I counted them. It is three in a thousand.
        U 185: Three in a thousand is nothing. We can tell them. I will write it into the notes and then they know, and we fix it in the second week, and by then we have the new server as well, and everybody can calm down a bit.
        P 165: I would rather fix it first.
        """,
        {},
    ),
    "umlauts": (
        Aim(context="Kennenlernen am Messestand", goal="Herr Müller überzeugen", participants="Jürgen Müller", mode="conversation"),
        """
        U 150: Guten Tag Herr Müller, wir bauen Türen, die sich von selbst öffnen.
        P 150: Was kostet so eine Tür?
        U 150: Eine Tür kostet achthundert Euro, und der Einbau dauert einen Tag. Größere Häuser bekommen einen Rabatt.
        P 150: Und wenn der Strom ausfällt?
        U 150: Dann öffnet sie sich mit der Hand, ganz ohne Schlüssel.
        """,
        {},
    ),
    "story": (
        Aim(context="Toast at a wedding", goal="Tell a story that people remember", mode="pitch"),
        """
        U 130: Good evening. I am the brother of the bride, and I have known Sara for thirty one years. <1.6> When she was six she sold our grandmother's cherries at the gate, two marks a bag. <1.3> I asked her what she did with the money. She said, I bought the cherries. <2.0> That is Sara. She had bought them back, because grandmother wanted to make jam.
        U 128: Tom, you should know what you are getting into. <1.5> You will never be short of cherries, and you will never know who pays for them. <1.4> To Sara and Tom.
        """,
        {},
    ),
    "one word": (Aim(goal="Be concise", mode="conversation"), "U 150: Hello.", {"seconds": 42.0}),
    "twelve words": (
        Aim(goal="Introduce myself well", user_name="Ines", mode="networking"),
        """
        U 150: Hi, I'm Ines, and I restore old church organs in Portugal.
        """,
        {"seconds": 20.0},
    ),
    "nothing": (Aim(goal="Come across as friendly", mode="networking"), "", {"seconds": 42.0}),
    "nothing, no goal": (Aim(), "", {"seconds": 3.0}),
    "only the partner": (
        Aim(goal="Ask three questions", participants="Lee", mode="conversation"),
        """
        P 170: Hello? Can you hear me?
        P 170: I think your microphone is off. I will try again later.
        """,
        {},
    ),
}
