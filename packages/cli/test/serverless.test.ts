/** Two machines with a cable between them: discovery, TCP and TLS are real, and each peer has a key of its own. */
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as Namespaces from "../../node/test/contract/namespaces.ts"

const areNamespaces = Namespaces.areThere()
const script = fileURLToPath(new URL("serverlessHost.ts", import.meta.url))
const [juliet, romeo] = ["juliet@pronto", "romeo@forza"]

const withBoth = async (use: (hers: Namespaces.Running, his: Namespaces.Running) => Promise<void>): Promise<void> => {
  const network = Namespaces.make(2)
  try {
    const [hers, his] = await Promise.all([
      network.program(1, script, juliet, "10.77.0.1"),
      network.program(2, script, romeo, "10.77.0.2")
    ])
    await Promise.all([
      hers.line({ _tag: "Came", instance: romeo }),
      his.line({ _tag: "Came", instance: juliet })
    ])
    await use(hers, his)
  } finally {
    network.remove()
  }
}

const tell = ({ process }: Namespaces.Running, wish: object): void =>
  void process.stdin.write(`${JSON.stringify(wish)}\n`)

const ask = (one: Namespaces.Running, wish: object, answer: object) => {
  const from = one.lines.length
  tell(one, wish)
  return one.line({ ...answer }, from)
}

describe("two machines", () => {
  it.skipIf(!areNamespaces)(
    "LL-27 STZ-01 10 000 messages each way at once, in order, over mutual TLS (needs network namespaces)",
    () =>
      withBoth(async (hers, his) => {
        tell(hers, { say: romeo, count: 10_000 })
        tell(his, { say: juliet, count: 10_000 })
        await Promise.all([hers, his].map((one) => one.line({ _tag: "Heard", heard: 10_000 }, 0, 60_000)))
        for (const one of [hers, his]) {
          assert.deepStrictEqual(one.lines.filter(({ _tag, isInOrder }) => _tag === "Heard" && isInOrder === false), [])
          assert.deepStrictEqual(one.lines.filter(({ _tag }) => _tag === "Failure"), [])
        }
      }),
    90_000
  )

  it.skipIf(!areNamespaces)(
    "DUP-01 DUP-02 both dial at once, 200 times: each time there is one stream, and nothing is lost (needs network namespaces)",
    () =>
      withBoth(async (hers, his) => {
        let clashes = 0
        for (let each = 0; each < 200; each++) {
          const at = Date.now() + 5
          await Promise.all([
            ask(hers, { meet: romeo, at }, { _tag: "Met" }),
            ask(his, { meet: juliet, at }, { _tag: "Met" })
          ])
          const [one, other] = await settled(hers, his, each + 1)
          assert.deepStrictEqual([one.streams, (one.streams as ReadonlyArray<string>).length], [other.streams, 1])
          assert.deepStrictEqual([one.heard, other.heard], [each + 1, each + 1])
          if (Number(one.opened) > 1) clashes += 1
          await ask(hers, { part: true }, { _tag: "Parted" })
          await ask(his, { part: true }, { _tag: "Parted" })
        }
        for (const { lines } of [hers, his]) assert.isUndefined(lines.find(({ isInOrder }) => isInOrder === false))
        // Otherwise it proves nothing.
        console.info(`${clashes} of 200 times two streams were opened`)
        assert.isAbove(clashes, 100)
      }),
    120_000
  )
})

/** As both see it when nothing changes any more, or after two seconds. */
const settled = async (hers: Namespaces.Running, his: Namespaces.Running, heard: number) => {
  for (let tries = 0;; tries++) {
    const [one, other] = await Promise.all([
      ask(hers, { look: true }, { _tag: "Seen" }),
      ask(his, { look: true }, { _tag: "Seen" })
    ])
    const wanted = JSON.stringify([one.streams, heard])
    const isQuiet = [one, other].every((each) =>
      (each.streams as ReadonlyArray<string>).length === 1 && JSON.stringify([each.streams, each.heard]) === wanted
    )
    if (isQuiet || tries === 100) return [one, other] as const
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
