/** Two machines on a network of their own, without a server: the command finds, and is found. */
import { assert, describe, it } from "vitest"
import * as Namespaces from "../../node/test/contract/namespaces.ts"
import { run, start, temporary } from "./processes.ts"

const areNamespaces = Namespaces.areThere()

const identity = async (address: string): Promise<string> => {
  const out = `${temporary()}/identity`
  assert.strictEqual((await run(["identity", "create", "--address", address, "--out", out])).code, 0)
  return out
}

describe("on a network without a server", () => {
  it.skipIf(!areNamespaces)(
    "LL-01 LL-20 LL-27 listen announces itself, discover tells, connect finds it, goodbye is said (needs network namespaces)",
    async () => {
      const network = Namespaces.make(2)
      try {
        const [hers, his] = await Promise.all([identity("juliet@pronto"), identity("romeo@forza")])
        const trust = () => ["--trust-store", `${temporary()}/pins`, "--first-use", "accept"]
        const watching = start(["discover", "--json"], { namespace: network.namespace(2) })
        const listening = start([
          ...["listen", "--as", "juliet@pronto", "--identity", hers, "--host", "0.0.0.0", "--port", "5298"],
          ...["--echo", "--status", "away", "--message", "in the garden", "--nick", "Juliet", ...trust()]
        ], { namespace: network.namespace(1) })
        await listening.until("announced on this network as juliet@pronto")
        await watching.until("in the garden")

        const asked = ["connect", "--as", "romeo@forza", "--identity", his, ...trust()]
        const calling = start([...asked, "--to", "juliet@pronto"], { namespace: network.namespace(2) })
        await calling.until("connected to juliet@pronto, verified")
        calling.say("hello\n")
        await calling.until("hello")
        calling.endInput()
        assert.strictEqual(await calling.ended, 0)

        const verifying = start(
          ["verify", "juliet@pronto", "--as", "romeo@forza", "--identity", his, "--json", ...trust()],
          { namespace: network.namespace(2) }
        )
        assert.strictEqual(await verifying.ended, 1)
        assert.include(verifying.stderr(), "Nobody can be asked at the other end")

        const nobody = start([...asked, "--to", "nurse@pronto"], { namespace: network.namespace(2) })
        assert.strictEqual(await nobody.ended, 1)
        assert.include(nobody.stderr(), "nurse@pronto was not reached on this network")

        listening.child.kill("SIGINT")
        assert.strictEqual(await listening.ended, 130)
        await watching.until("goodbye")
        watching.child.kill("SIGINT")
        assert.strictEqual(await watching.ended, 130)
        assert.match(watching.stdout(), /"change":"Went","instance":"juliet@pronto","why":"goodbye"/)
      } finally {
        network.remove()
      }
    },
    60_000
  )

  it.skipIf(!areNamespaces)(
    "LL-11 LL-22 of two with one name the second has another, is reached by that one, and says how he is (needs network namespaces)",
    async () => {
      const network = Namespaces.make(2)
      const env = { XDG_RUNTIME_DIR: temporary() }
      const trust = () => ["--trust-store", `${temporary()}/pins`, "--first-use", "accept"]
      try {
        const [first, second, his] = await Promise.all([
          identity("juliet@pronto"),
          identity("juliet@pronto"),
          identity("romeo@forza")
        ])
        const listen = (at: number, who: string) =>
          start([
            ...["listen", "--as", "juliet@pronto", "--identity", who, "--host", "0.0.0.0", "--port", "5298", "--json"],
            ...trust()
          ], { namespace: network.namespace(at), env })
        const one = listen(1, first)
        await one.until("\"Announced\"")
        const other = listen(2, second)
        await other.until("\"Announced\"")
        const name = JSON.parse(other.lines().find((line) => line.includes("Announced")) ?? "{}").notice.instance
        assert.notStrictEqual(name, "juliet@pronto")
        const calling = start(["connect", "--as", "romeo@forza", "--identity", his, "--to", name, ...trust()], {
          namespace: network.namespace(1)
        })
        await calling.until(`connected to ${name}, verified`)
        calling.endInput()
        assert.strictEqual(await calling.ended, 0, calling.stderr())

        const watching = start(["discover", "--json"], { namespace: network.namespace(1) })
        const say = (...more: ReadonlyArray<string>) => start(["presence", ...more], { env }).ended
        assert.strictEqual(await say(), 0)
        assert.strictEqual(await say("away", "back at three"), 0)
        await watching.until("back at three")
        one.child.kill("SIGTERM")
        other.child.kill("SIGTERM")
        await Promise.all([one.ended, other.ended])
        const alone = start(["presence", "dnd"], { env })
        assert.strictEqual(await alone.ended, 1)
        assert.include(alone.stderr(), "no `listen` or `chat` of yours is running")
      } finally {
        network.remove()
      }
    },
    60_000
  )

  it("`connect` wants host and port, or neither", async () => {
    const { code, stderr } = await run(["connect", "--as", "a@b", "--to", "c@d", "--host", "127.0.0.1"])
    assert.strictEqual(code, 2)
    assert.include(stderr, "--host and --port go together")
  })
})
