// Examples that are filled in with this server's address, and a console that talks to it from this page.
import { problems } from "rostrum-voice";
import { CONSOLE_TEMPLATE, Log, Player, Session, WAYS, addressed, copied, socketAddress } from "rostrum-api";

const TONGUES = { browser: "Browser", python: "Python", shell: "Shell" };
const WORDS = { sent: "sent", got: "came", note: "·", error: "wrong" };
const STATES = { off: "Not connected", connecting: "Connecting", on: "Connected" };

export default {
  template: CONSOLE_TEMPLATE,
  props: { protocols: Array, guarded: Boolean },

  data() {
    return {
      chosen: this.protocols[0].id, tongue: "browser", token: "", note: "", state: "off", trouble: "", listening: false,
      created: false, busy: false, sounding: false, picked: 0, text: "", log: new Log(), tongues: TONGUES, words: WORDS,
    };
  },

  computed: {
    protocol() { return this.protocols.find(({ id }) => id === this.chosen); },
    way() { return WAYS[this.chosen]; },
    plain() { return this.chosen === "http"; },
    secret() { return this.guarded ? encodeURIComponent(this.token) || "ACCESS_TOKEN" : ""; },
    example() { return addressed(this.protocol.examples[this.tongue], this.secret); },
    address() {
      const address = this.plain ? `${location.origin}${this.protocol.path}` : socketAddress(this.protocol.path);
      return this.secret ? `${address}?token=${this.secret}` : address;
    },
    stateWord() { return this.plain ? "No connection needed" : this.listening ? "Connected, listening to you" : STATES[this.state]; },
  },

  created() {
    this.player = new Player();
    this.session = null;
    this.pick(0);
    window.rostrumConsole = this;
  },

  mounted() {
    this.looking = setInterval(() => (this.sounding = this.player.sounding), 250);
  },

  updated() {
    const list = this.$refs.log;
    if (list.scrollHeight - list.scrollTop - list.clientHeight < 120) list.scrollTop = list.scrollHeight;
  },

  beforeUnmount() {
    clearInterval(this.looking);
    this.leave();
    this.player.close();
  },

  methods: {
    choose(id) {
      this.leave();
      this.chosen = id;
      this.trouble = "";
      this.created = false;
      this.log.clear();
      this.pick(0);
    },

    pick(at) {
      this.picked = Number(at);
      this.text = JSON.stringify(this.way.canned[this.picked][1], null, 1);
    },

    begin() {
      // What an earlier session still has to say is not this one's.
      const mine = (then) => (value) => this.session === session && then(value);
      const session = new Session(this.way, {
        log: this.log, player: this.player,
        onState: mine((state) => this.turn(state)), onTrouble: mine((trouble) => (this.trouble = trouble)),
      });
      return (this.session = session);
    },

    turn(state) {
      this.state = state;
      if (state !== "on") this.listening = false;
      this.created = Boolean(this.session?.created);
    },

    async toggle() {
      if (this.state === "on") return this.session.close();
      this.trouble = "";
      this.player.open();
      await this.begin().open();
    },

    leave() {
      this.session?.close();
      this.session = null;
      this.state = "off";
      this.listening = false;
      this.player.clear();
    },

    async speak() {
      if (this.listening) {
        this.session.mute();
        this.listening = false;
        return;
      }
      this.trouble = "";
      try {
        await this.session.listen();
        this.listening = this.state === "on";
      } catch (error) {
        const said = problems((sentence) => sentence);
        this.trouble = said[error.code] ?? said.failed;
      }
    },

    async send() {
      this.trouble = "";
      let message;
      try {
        message = JSON.parse(this.text);
      } catch (error) {
        this.trouble = `This is not JSON: ${error.message}`;
        return;
      }
      if (!this.plain) {
        if (this.state === "on") this.session.send(message);
        return;
      }
      if (typeof message?.method !== "string" || !String(message.path).startsWith("/") || String(message.path).startsWith("//")) {
        this.trouble = 'A call has a "method" and a "path" that begins with one /, and may have a "body".';
        return;
      }
      await this.waiting((session) => session.call(message), this.begin());
    },

    finish() {
      return this.waiting((session) => session.finish(), this.session);
    },

    async waiting(call, session) {
      this.player.open();
      this.busy = true;
      await call(session);
      this.busy = false;
    },

    hush() {
      this.player.clear();
    },

    async copy(text, what) {
      this.note = (await copied(text)) ? what : "";
      if (!this.note) this.trouble = "The browser does not let this page copy: select the text instead.";
      clearTimeout(this.noting);
      this.noting = setTimeout(() => (this.note = ""), 2000);
    },
  },
};
