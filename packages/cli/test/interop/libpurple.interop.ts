/**
 * libpurple's Bonjour on one machine, our command on another, no server and no other network: presence, messages on streams
 * without a version, refusal. It knows no TLS, so that `--legacy accept` is what lets us talk with it.
 */
import { afterAll, assert, beforeAll, beforeEach, describe, it, onTestFinished } from "vitest"
import { identity, start, temporary } from "../processes.ts"
import * as Peer from "./peer.ts"

const [us, them] = ["juliet@pronto", "romeo@forza"]
const legacy = ["--tls", "disabled", "--legacy", "accept"]

const missing = Peer.missing()
if (missing.length > 0) console.info(`libpurple is not tried: this machine lacks ${missing.join(", ")}`)
const isHere = missing.length === 0

let land: Peer.Land
let romeo: Peer.Person

const ours = (...args: ReadonlyArray<string>) => start(args, { namespace: land.ours })

/** We announce ourselves, and libpurple has seen it: it talks with nobody else. */
const announced = async (...flags: ReadonlyArray<string>) => {
  const from = romeo.told().length
  const listening = ours("listen", "--as", us, "--host", "0.0.0.0", "--port", "5299", "--nick", "Juliet", ...flags)
  // Killed, we would stay on its list for two minutes, and would not come to it again.
  onTestFinished(async () => {
    listening.child.kill("SIGINT")
    await romeo.tells("that we went", isAbout("off", us), from)
  })
  await romeo.tells("that we are here", isAbout("on", us), from)
  return listening
}

const isAbout = (event: string, name: string) => (told: Peer.Told): boolean =>
  told.event === event && buddyOf(told)["name"] === name

const buddyOf = ({ buddy }: Peer.Told): Readonly<Record<string, unknown>> =>
  typeof buddy === "object" && buddy !== null ? { ...buddy } : {}

const isMessage = (text: string) => ({ event, message, sender }: Peer.Told): boolean =>
  event === "message" && sender === us && message === text

describe.skipIf(!isHere)(
  "libpurple's Bonjour (needs libpurple, avahi-daemon, dbus, python3 and network namespaces)",
  () => {
    let from = 0
    beforeAll(async () => {
      land = await Peer.open()
      romeo = await land.person(them, 5298, "Romeo")
    })
    afterAll(() => land.leave())
    beforeEach(() => {
      from = romeo.told().length
    })

    it("LL-01 LL-20 LL-22 it shows us with name, presence and message, and takes us away at our goodbye", async () => {
      const listening = await announced(...legacy, "--status", "dnd", "--message", "at the masqué, ☾")
      const told = await romeo.tells(
        "our message",
        (told) => isAbout("on", us)(told) && buddyOf(told)["message"] !== null,
        from
      )
      // It knows two kinds of presence: what is no `dnd` is there for it, and its own absence is a `dnd`.
      assert.deepEqual(told["buddy"], {
        name: us,
        alias: "Juliet",
        online: true,
        status: "away",
        message: "at the masqué, ☾"
      })
      listening.child.kill("SIGINT")
      await romeo.tells("that we went", isAbout("off", us), from)
      assert.strictEqual(await listening.ended, 130)
    })

    it("LL-10 LL-14 LL-21 LL-22 discover shows it, its presence as that changes, and its goodbye", async () => {
      const watching = ours("discover", "--json")
      const other = await land.person("nurse@forza", 5300, "The Nurse")
      await watching.until(`"instance":"nurse@forza","status":"avail"`)
      other.does({ do: "status", id: "away", message: "to Friar Laurence" })
      await watching.until(`"status":"dnd","message":"to Friar Laurence"`)
      other.does({ do: "quit" })
      await watching.until(`"change":"Went","instance":"nurse@forza","why":"goodbye"`)
      watching.child.kill("SIGINT")
      assert.strictEqual(await watching.ended, 130)
    })

    it("HDR-16 LL-27 --legacy accept: we dial, and a message goes each way on that stream, until we close it", async () => {
      const listening = await announced(...legacy)
      const calling = ours("connect", "--as", us, "--to", them, ...legacy)
      await calling.until(`connected to ${them}, NOT verified, NOT encrypted`)
      calling.say("What's in a <name> & a \"rose\"? ☾\n")
      await romeo.tells("our message", isMessage("What's in a <name> & a \"rose\"? ☾"), from)
      romeo.does({ do: "say", to: us, text: "Call me but <b>love</b> &amp; I'll be new baptized ☾" })
      await calling.until("Call me but love & I'll be new baptized ☾")
      calling.endInput()
      assert.strictEqual(await calling.ended, 0, calling.stderr())
      assert.notInclude(listening.stderr(), "stream 1")
    })

    it("HDR-16 --legacy accept: it dials, and a message goes each way on that stream, until it closes it", async () => {
      const listening = await announced(...legacy)
      romeo.does({ do: "say", to: us, text: "But soft, what light" })
      await listening.until(`${them}: But soft, what light`)
      assert.include(listening.stderr(), `stream 1: ${them}, NOT verified, NOT encrypted`)
      listening.say("Ay me\n")
      await romeo.tells("our answer", isMessage("Ay me"), from)
      romeo.does({ do: "close", to: us })
      await listening.until("the peer has closed its side")
      await listening.until("stream 1 ended: ")
    })

    it("--legacy accept: it dials, and we close", async () => {
      const listening = await announced(...legacy)
      romeo.does({ do: "say", to: us, text: "Lady, by yonder blessed moon" })
      await listening.until("by yonder blessed moon")
      listening.say("O swear not by the moon\n")
      listening.endInput()
      await romeo.tells("our answer", isMessage("O swear not by the moon"), from)
      assert.strictEqual(await listening.ended, 0, listening.stderr())
    })

    it("VER-07 --legacy refuse, which is the default: it dials, nothing is delivered, and we are told why", async () => {
      const listening = await announced(...await strict())
      const nurse = await neighbour(5301)
      nurse.does({ do: "say", to: us, text: "Shall I hear more?" })
      await listening.until("not admitted: the peer speaks a version of XML streams that our policy does not accept")
      assert.include(listening.stderr(), "[VER-07]")
      assert.notInclude(listening.stdout(), "Shall I hear more")
      // Version 2.14.12 crashes when our header and the end of the stream come in one piece.
      const before = nurse.told().length
      nurse.does({ do: "buddies" })
      await nurse.tells("who is there", ({ event }) => event === "buddies", before)
    })

    it("VER-07 --legacy refuse, which is the default: we dial, nothing is delivered, and we are told why", async () => {
      const trust = await strict()
      await announced(...trust)
      const nurse = await neighbour(5302)
      const calling = ours("connect", "--as", us, "--to", "nurse@forza", ...trust)
      calling.say("Good night\n")
      assert.strictEqual(await calling.ended, 1)
      assert.include(calling.stderr(), "the peer speaks a version of XML streams that our policy does not accept")
      const sending = ours("send", "nurse", "Good night", "--as", us, "--home", temporary())
      assert.strictEqual(await sending.ended, 1)
      assert.include(
        sending.stderr(),
        "not sent: the peer speaks a version of XML streams that our policy does not accept"
      )
      assert.deepEqual(nurse.told().filter(({ event }) => event === "message"), [])
    })

    it("XEP-0174 §6 --legacy accept: chat, each way, marked as not encrypted", async () => {
      const home = temporary()
      const who = ["--as", us, "--home", home]
      const talking = ours("chat", "romeo", ...who, "--legacy", "accept", "--nick", "Juliet")
      onTestFinished(() => void talking.child.kill("SIGINT"))
      await romeo.tells("that we are here", isAbout("on", us), from)
      await talking.until(`${them} is connected and NOT ENCRYPTED`)
      talking.say("O gentle Romeo\n")
      await romeo.tells("what we said", isMessage("O gentle Romeo"), from)
      romeo.does({ do: "say", to: us, text: "Lady, I swear" })
      await talking.until(`${them} (NOT ENCRYPTED): Lady, I swear`)
      assert.notInclude(talking.stdout(), `${them} (known)`)
      assert.notInclude(talking.stdout(), `${them} (verified)`)
      talking.child.kill("SIGINT")
      await romeo.tells("that we went", isAbout("off", us), from)
    })
  }
)

/** Somebody for the length of a test, who has seen us: the name is free again afterwards. */
const neighbour = async (port: number): Promise<Peer.Person> => {
  const nurse = await land.person("nurse@forza", port, "The Nurse")
  onTestFinished(async () => {
    nurse.does({ do: "quit" })
    await nurse.running.ended
  })
  await nurse.tells("that we are here", isAbout("on", us))
  return nurse
}

/** Nobody is admitted without a certificate. */
const strict = async (): Promise<ReadonlyArray<string>> => {
  const home = temporary()
  await identity(`${home}/juliet`, us)
  return ["--identity", `${home}/juliet`, "--trust-store", `${home}/known`]
}
