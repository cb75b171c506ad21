/** What the probes see: on two hosts in network namespaces, and in directories with keys. */
import { assert, describe, it } from "@effect/vitest"
import { Identity } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { rulesOf } from "../src/internal/firewallRules.ts"
import { neighboursOf, usersOn } from "../src/internal/systemTables.ts"
import * as NodeDoctor from "../src/NodeDoctor.ts"
import * as NodeIdentity from "../src/NodeIdentity.ts"
import * as Namespaces from "./contract/namespaces.ts"
import { temporary } from "./directories.ts"

const areNamespaces = Namespaces.areThere()
const script = fileURLToPath(new URL("doctorHost.ts", import.meta.url))

interface Seen {
  readonly port: NodeDoctor.Port
  readonly multicast: ReadonlyArray<NodeDoctor.Multicast>
}

const look = async (namespace: string, ...words: ReadonlyArray<string>): Promise<Seen> => {
  const { stdout } = await promisify(execFile)("ip", ["netns", "exec", namespace, process.execPath, script, ...words])
  return JSON.parse(stdout)
}

const ipv4 = ({ multicast }: Seen) => multicast.find(({ family }) => family === "IPv4")

describe("the network", () => {
  it.skipIf(!areNamespaces)(
    "RFC 6762 §15.1 a host hears itself and another, and sees a port that is held (needs network namespaces)",
    async () => {
      const network = Namespaces.make(2)
      try {
        await network.host(2, "romeo@forza")
        const [here, there] = await Promise.all([look(network.namespace(1)), look(network.namespace(2))])
        assert.isUndefined(here.port.code)
        assert.deepInclude(ipv4(here), { _tag: "Listened", via: "eth0", heardSelf: true, answeredHere: false })
        assert.deepInclude(ipv4(here), { others: ["10.77.0.2"] })
        assert.strictEqual(there.port.code, "EADDRINUSE")
        assert.deepInclude(ipv4(there), { heardSelf: true, answeredHere: true })

        const held = await look(network.namespace(1), "hold")
        assert.strictEqual(held.port.code, "EADDRINUSE")
        assert.deepInclude(ipv4(held), { _tag: "Unopened", code: "EADDRINUSE" })

        // One after the other: both see the processes of this machine.
        const six = await look(network.namespace(1), "hold6")
        const avahi = await look(network.namespace(2), "avahi")
        assert.deepEqual(six.port, { code: "EADDRINUSE", avahi: false })
        assert.deepEqual(avahi.port, { code: "EADDRINUSE", avahi: true })

        network.ip(1, "link", "set", "eth0", "down")
        assert.deepStrictEqual((await look(network.namespace(1))).multicast, [])
      } finally {
        network.remove()
      }
    }
  )
})

describe("the key", () => {
  it.live("CERT-80 is usable for its owner alone, and with its own certificate", () =>
    Effect.gen(function*() {
      const create = Identity.createSelfSigned({ address: "mira@tansy", naming: "jid", algorithm: "ed25519", days: 9 })
      const [one, other] = [Path.join(yield* temporary, "one"), Path.join(yield* temporary, "other")]
      const files = yield* NodeIdentity.write(one, yield* create)
      const others = yield* NodeIdentity.write(other, yield* create)
      const usable = yield* NodeDoctor.key(one)
      assert.deepInclude(usable, { _tag: "Usable", keyMode: 0o600 })
      if (usable._tag === "Usable") assert.isAtLeast(usable.notAfter - usable.notBefore, 9 * 86_400_000)
      Fs.chmodSync(files.key, 0o640)
      const exposed = yield* NodeDoctor.key(one)
      assert.deepInclude(exposed, { _tag: "Unusable", isLocked: false })
      Fs.chmodSync(files.key, 0o600)
      Fs.copyFileSync(others.key, files.key)
      assert.deepInclude(yield* NodeDoctor.key(one), { _tag: "Unusable", isLocked: false })
      Fs.chmodSync(other, 0o777)
      assert.deepInclude(yield* NodeDoctor.key(other), { _tag: "Unusable", isLocked: false })
    }))
})

describe("the rest", () => {
  it.live("is told as plain data", () =>
    Effect.gen(function*() {
      const all = { firewall: NodeDoctor.firewall, times: NodeDoctor.times, versions: NodeDoctor.versions }
      const { firewall, times, versions } = yield* Effect.all(all)
      assert.isAtLeast(firewall.neighbours, 0)
      if (firewall._tag === "Unreadable") assert.match(firewall.why, /nft.* and iptables/)
      assert.isAbove(times.now, times.newestFile)
      assert.strictEqual(versions.node, process.versions.node)
    }))

  it("a router is no neighbour who ought to be heard, and neither is one who did not answer", () => {
    const routes =
      "Iface\tDestination\tGateway\tFlags\neth0\t00000000\t0100A8C0\t0003\neth0\t0000A8C0\t00000000\t0001\n"
    const title = "IP address       HW type     Flags       HW address            Mask     Device\n"
    const row = (address: string, flags: string) =>
      `${address}      0x1         ${flags}         52:54:00:12:35:02     *        eth0\n`
    assert.strictEqual(neighboursOf(title + row("192.168.0.1", "0x2"), routes), 0)
    assert.strictEqual(neighboursOf(title + row("192.168.0.1", "0x2") + row("192.168.0.7", "0x2"), routes), 1)
    assert.strictEqual(neighboursOf(title + row("192.168.0.7", "0x0"), routes), 0)
    assert.strictEqual(neighboursOf(title + row("192.168.0.1", "0x2"), ""), 1)
    assert.strictEqual(neighboursOf("", ""), 0)
  })

  it("who has a port is seen by the number of the user", () => {
    const title =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
    const row = (port: string, user: string) =>
      ` 2301: 00000000:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000   ${user}        0 20041 2 0 0\n`
    assert.deepStrictEqual(usersOn(5353, title + row("14E9", "114") + row("0044", "0")), [114])
    assert.deepStrictEqual(usersOn(5353, title), [])
  })

  it("rules that drop what comes in are seen, by policy or in the last line", () => {
    const chain = (hook: string, policy: string, rest: string): string =>
      `table inet filter {\n\tchain it {\n\t\ttype filter hook ${hook} priority filter; policy ${policy};\n\t\t` +
      `ct state { established, related } accept\n${rest}\t}\n}\n`
    assert.deepStrictEqual(rulesOf(chain("input", "accept", "")), { drops: false, names5353: false })
    assert.deepStrictEqual(rulesOf(chain("input", "drop", "\t\tudp dport 5353 accept\n")), {
      drops: true,
      names5353: true
    })
    assert.isTrue(rulesOf(chain("input", "accept", "\t\treject with icmpx admin-prohibited\n")).drops)
    assert.isFalse(rulesOf(chain("forward", "drop", "")).drops)
    assert.isTrue(rulesOf("-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n").drops)
    assert.isFalse(rulesOf("-P INPUT ACCEPT\n-A INPUT -s 192.0.2.1/32 -j DROP\n").drops)
  })
})
