/** Two people, each at a process of his own, whose words are lines. */
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, type Running, start, temporary } from "./processes.ts"

interface Line {
  readonly event: string
  readonly peer: string
  readonly text?: string
  readonly why?: string
  readonly sentence?: string
}

const told = ({ lines }: Running): ReadonlyArray<Line> => lines().flatMap((line) => JSON.parse(line).verification ?? [])

const shown = (one: Running): string | undefined => told(one).find(({ event }) => event === "Show")?.text

const say = (one: Running, verification: string, peer?: string): void =>
  one.say(`${JSON.stringify({ verification, ...(peer === undefined ? {} : { peer }) })}\n`)

const isPinVerified = async (store: string, address: string): Promise<boolean> => {
  const { stdout } = await run(["pins", "list", "--trust-store", store, "--json"])
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line)).some((pin) =>
    pin.address === address && pin.verified?.how === "shortString"
  )
}

const answering = (directory: string, name: string, ...more: ReadonlyArray<string>) =>
  listening([
    ...["--as", "oskar@linden", "--identity", join(directory, name)],
    ...["--trust-store", join(directory, `pins-of-${name}`), ...(more.length === 0 ? ["--verify"] : more)]
  ])

const calling = (directory: string, name: string, port: number) =>
  start([
    ...["verify", "oskar@linden", "--as", "mira@tansy", "--identity", join(directory, name), "--json"],
    ...["--trust-store", join(directory, `pins-of-${name}`), "--host", "127.0.0.1", "--port", String(port)]
  ])

const couple = async (...more: ReadonlyArray<string>) => {
  const directory = temporary()
  const here = (name: string) => join(directory, name)
  await Promise.all([identity(here("mira"), "mira@tansy"), identity(here("oskar"), "oskar@linden")])
  const listener = await answering(directory, "oskar", ...more)
  const caller = calling(directory, "mira", listener.port)
  return { listener, caller, hers: here("pins-of-mira"), his: here("pins-of-oskar") }
}

/** Until both have been shown a string. */
const comparing = async (...more: ReadonlyArray<string>) => {
  const two = await couple(...more)
  await two.listener.until("\"Asked\"")
  say(two.listener, "agree")
  await Promise.all([two.caller.until("\"Show\""), two.listener.until("\"Show\"")])
  return two
}

describe("verify", () => {
  it("both see the same string; each marks its own pin, also when the other one has gone by then", async () => {
    const { caller, hers, his, listener } = await comparing()
    assert.match(shown(caller) ?? "", /^\d{5} \d{5}$/)
    assert.strictEqual(shown(listener), shown(caller))
    assert.deepStrictEqual([await isPinVerified(hers, "oskar@linden"), await isPinVerified(his, "mira@tansy")], [
      false,
      false
    ])
    say(caller, "same")
    assert.strictEqual(await caller.ended, 0, caller.stderr())
    assert.isTrue(await isPinVerified(hers, "oskar@linden"))
    say(listener, "same", "mira@tansy")
    await listener.until("\"Verified\"")
    assert.isTrue(await isPinVerified(his, "mira@tansy"))
  }, 60_000)

  it(
    "RFC 9266 somebody in between makes the strings differ: exit code 3, both told, no pin marked, and what to do",
    async () => {
      const directory = temporary()
      const here = (name: string) => join(directory, name)
      await Promise.all([
        ...[identity(here("mira"), "mira@tansy"), identity(here("oskar"), "oskar@linden")],
        ...[identity(here("as-mira"), "mira@tansy"), identity(here("as-oskar"), "oskar@linden")]
      ])
      const asOskar = await answering(directory, "as-oskar")
      const oskar = await answering(directory, "oskar")
      const mira = calling(directory, "mira", asOskar.port)
      const asMira = calling(directory, "as-mira", oskar.port)
      for (const one of [asOskar, oskar]) {
        await one.until("\"Asked\"")
        say(one, "agree")
      }
      await Promise.all([mira, asMira, asOskar, oskar].map((one) => one.until("\"Show\"")))
      assert.match(shown(mira) ?? "", /^\d{5} \d{5}$/)
      assert.strictEqual(shown(mira), shown(asOskar))
      assert.notStrictEqual(shown(mira), shown(oskar))
      say(mira, "different")
      assert.strictEqual(await mira.ended, 3)
      assert.match(mira.stderr(), /not verified: the two strings differ.*Say nothing more on this stream/)
      await asOskar.until("\"Failed\"")
      assert.strictEqual(told(asOskar).at(-1)?.why, "stoppedByPeer")
      assert.isFalse(await isPinVerified(here("pins-of-mira"), "oskar@linden"))
    },
    60_000
  )

  it("the one who was asked can say so too; the one who asked hears that it was stopped", async () => {
    const { caller, listener } = await comparing()
    say(listener, "different")
    assert.strictEqual(await caller.ended, 1)
    assert.strictEqual(told(caller).at(-1)?.why, "stoppedByPeer")
    assert.strictEqual(told(listener).at(-1)?.why, "different")
  }, 60_000)

  it("a peer that is asked and declines; a listener without terminal declines by itself, with a reason", async () => {
    const asked = await couple()
    await asked.listener.until("\"Asked\"")
    say(asked.listener, "stop")
    assert.strictEqual(await asked.caller.ended, 1)
    assert.strictEqual(told(asked.caller).at(-1)?.why, "stoppedByPeer")
    const quiet = await couple("--echo")
    assert.strictEqual(await quiet.caller.ended, 1)
    assert.match(quiet.caller.stderr(), /did not take the request \(Nobody can be asked at the other end/)
    assert.strictEqual(told(quiet.caller).at(-1)?.why, "declined")
    assert.isEmpty(told(quiet.listener))
  }, 60_000)

  it("a listener that serves one peer waits for the answer of its own side", async () => {
    const { caller, his, listener } = await comparing("--verify", "--once")
    say(caller, "same")
    assert.strictEqual(await caller.ended, 0, caller.stderr())
    await listener.until("\"Ended\"")
    say(listener, "same")
    assert.strictEqual(await listener.ended, 0, listener.stderr())
    assert.strictEqual(told(listener).at(-1)?.event, "Verified")
    assert.isTrue(await isPinVerified(his, "mira@tansy"))
  }, 60_000)

  it("Ctrl-C ends in order, and the other one is told", async () => {
    const { caller, listener } = await couple()
    await listener.until("\"Asked\"")
    caller.child.kill("SIGINT")
    assert.strictEqual(await caller.ended, 130)
    await listener.until("\"Failed\"")
    assert.strictEqual(told(listener).at(-1)?.why, "stoppedByPeer")
  }, 60_000)

  it("says what is missing: a store, a terminal", async () => {
    const who = ["verify", "oskar@linden", "--as", "mira@tansy"]
    const storeless = await run([...who, "--json"])
    assert.strictEqual(storeless.code, 2)
    assert.match(storeless.stderr, /name a --trust-store/)
    const piped = await run([...who, "--trust-store", temporary()])
    assert.strictEqual(piped.code, 2)
    assert.match(piped.stderr, /no terminal to ask on.*--json/)
    const listener = await run(["listen", "--as", "oskar@linden", "--port", "0", "--verify", "--json"])
    assert.strictEqual(listener.code, 2)
    assert.match(listener.stderr, /--verify .*name a --trust-store/)
  }, 60_000)
})
