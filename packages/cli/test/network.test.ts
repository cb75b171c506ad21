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

  it("`connect` wants host and port, or neither", async () => {
    const { code, stderr } = await run(["connect", "--as", "a@b", "--to", "c@d", "--host", "127.0.0.1"])
    assert.strictEqual(code, 2)
    assert.include(stderr, "--host and --port go together")
  })
})
