/**
 * Discovery on real sockets: hosts in network namespaces with a switch between them, and Avahi beside us on one of them. What is said
 * and when is tried without any of that in `link-local`.
 */
import { spawnSync } from "node:child_process"
import { setTimeout as pause } from "node:timers/promises"
import { assert, describe, it } from "vitest"
import * as Namespaces from "./contract/namespaces.ts"

const areNamespaces = Namespaces.areThere()
const isAvahi = areNamespaces &&
  ["avahi-daemon", "avahi-browse", "dbus-daemon"].every((name) => !spawnSync(name, ["--version"]).error)

const on = async (count: number, does: (network: Namespaces.Switch) => Promise<void>): Promise<void> => {
  const network = Namespaces.make(count)
  try {
    await does(network)
  } finally {
    network.remove()
  }
}

describe("on a network of their own", () => {
  it.skipIf(!areNamespaces)(
    "LL-01 LL-11 LL-14 LL-20 LL-22 three hosts find each other, see presence, a name that is taken, and goodbye (needs network namespaces)",
    () =>
      on(3, async (network) => {
        const [romeo, juliet, other] = await Promise.all([
          network.host(1, "romeo@forza"),
          network.host(2, "juliet@pronto"),
          network.host(3, "mercutio@villa")
        ])
        const all = [[romeo, "romeo@forza"], [juliet, "juliet@pronto"], [other, "mercutio@villa"]] as const
        const begun = Math.max(...all.map(([{ lines }]) => lines[0]!.at))
        for (const [host, own] of all) {
          for (const [, instance] of all) {
            if (instance === own) continue
            const { at } = await host.line({ _tag: "Resolved", instance })
            assert.isBelow(at - begun, 2000)
          }
          assert.isUndefined(host.lines.find((line) => line["instance"] === own))
        }
        const found = await juliet.line({ _tag: "Resolved", instance: "romeo@forza" })
        assert.deepInclude(found, {
          host: "forza.local.",
          port: 5562,
          via: "eth0",
          txt: [btoa("txtvers=1"), btoa("status=avail")]
        })
        assert.include(found["addresses"], "10.77.0.1")

        const [before, said] = [juliet.lines.length, Date.now()]
        romeo.process.stdin.write("update status=away\n")
        const changed = await juliet.line({ _tag: "Resolved", instance: "romeo@forza" }, before)
        assert.deepEqual(changed["txt"], [btoa("status=away")])
        assert.isBelow(changed.at - said, 1000)

        const added = Date.now()
        network.ip(1, "addr", "add", "10.77.0.101/24", "dev", "eth0")
        const moved = await juliet.line({ _tag: "Resolved", instance: "romeo@forza", addresses: "10.77.0.101" })
        assert.isBelow(moved.at - added, 2000)

        const second = await network.host(3, "romeo@forza")
        const taken = (await second.line({ _tag: "Named" }))["name"]
        assert.strictEqual(taken, "romeo@forza-1")
        await juliet.line({ _tag: "Appeared", instance: taken })
        // Two on one machine.
        await other.line({ _tag: "Resolved", instance: taken })
        await second.line({ _tag: "Resolved", instance: "mercutio@villa" })
        assert.deepEqual(romeo.lines.filter(({ _tag }) => _tag === "Named").map(({ name }) => name), ["romeo@forza"])

        romeo.process.kill("SIGINT")
        const left = Date.now()
        const gone = await juliet.line({ _tag: "Vanished", instance: "romeo@forza", why: "goodbye" })
        assert.isBelow(gone.at - left, 2000)
        await romeo.ended

        network.ip(1, "link", "set", "eth0", "down")
        const alone = await network.host(1, "romeo@forza")
        assert.strictEqual((await alone.line({ _tag: "Failed" }))["reason"], "noInterface")
      })
  )

  it.skipIf(!areNamespaces)(
    "LL-19 RFC 6762 §10.4 one that is killed is forgotten when it does not answer, and an interface comes back (needs network namespaces)",
    () =>
      on(3, async (network) => {
        const [romeo, juliet, other] = await Promise.all([
          network.host(1, "romeo@forza"),
          network.host(2, "juliet@pronto"),
          network.host(3, "mercutio@villa")
        ])
        await Promise.all([
          romeo.line({ _tag: "Appeared", instance: "mercutio@villa" }),
          romeo.line({ _tag: "Appeared", instance: "juliet@pronto" })
        ])
        other.process.kill("SIGKILL")
        // Its records were heard a moment ago, and would be taken for an answer.
        await pause(2500)
        const asked = Date.now()
        romeo.process.stdin.write("resolve mercutio@villa\nresolve juliet@pronto\n")

        const before = juliet.lines.length
        network.ip(2, "link", "set", "eth0", "down")
        const down = await juliet.line({ _tag: "InterfaceDown" }, before)
        assert.isBelow(down.at - asked, 2500)
        network.ip(2, "link", "set", "eth0", "up")
        const up = Date.now()
        const again = await juliet.line({ _tag: "Appeared", instance: "romeo@forza" }, before)
        assert.isBelow(again.at - up, 4000)

        const failed = await romeo.line({ _tag: "Failed" })
        assert.strictEqual(failed["reason"], "noAnswer")
        const gone = await romeo.line({ _tag: "Vanished", instance: "mercutio@villa" })
        assert.strictEqual(gone["why"], "expired")
        assert.isBelow(gone.at - asked, 11_000)
        assert.isUndefined(
          romeo.lines.find((line) => line["_tag"] === "Vanished" && line["instance"] === "juliet@pronto")
        )
      })
  )
})

describe("beside Avahi", () => {
  it.skipIf(!isAvahi)(
    "LL-01 LL-16 on one port: it sees our records whole, we see its, and neither takes from the other (needs network namespaces and avahi-daemon, avahi-utils, dbus)",
    () =>
      on(2, async (network) => {
        const [romeo, juliet] = await Promise.all([network.host(1, "romeo@forza"), network.host(2, "juliet.c@pronto")])
        await Promise.all([romeo.line({ _tag: "Named" }), juliet.line({ _tag: "Named" })])
        // Avahi is on Romeo's machine, with a bus and a directory for what runs that nobody else sees.
        const { stderr, stdout } = spawnSync("ip", [
          "netns",
          "exec",
          network.namespace(1),
          "unshare",
          "--mount",
          "sh",
          "-c",
          avahi
        ], {
          encoding: "utf8"
        })
        const records = stdout.split("\n").filter((line) => line.startsWith("=;eth0;IPv4;"))
        const of = (name: string) => records.find((line) => line.includes(name))?.split(";").slice(3).join(";")
        assert.strictEqual(
          of("romeo"),
          `romeo\\064forza;iChat Presence;local;forza.local;10.77.0.1;5562;"status=avail" "txtvers=1"`,
          stderr
        )
        assert.strictEqual(
          of("juliet"),
          `juliet\\.c\\064pronto;iChat Presence;local;pronto.local;10.77.0.2;5562;"status=avail" "txtvers=1"`,
          stderr
        )
        // The machine has one name, and both have it.
        assert.include(stderr, "Host name is forza.local")
        assert.notMatch(stderr, /conflict/i)
        for (const host of [romeo, juliet]) {
          const theirs = await host.line({ _tag: "Resolved", instance: "mercutio@forza" })
          assert.deepInclude(theirs, { host: "forza.local.", port: 5298 })
          await host.line({ _tag: "Vanished", instance: "mercutio@forza", why: "goodbye" })
        }
        assert.deepEqual(romeo.lines.filter(({ _tag }) => _tag === "Named").map(({ name }) => name), ["romeo@forza"])
      })
  )
})

const avahi = `
mount -t tmpfs tmpfs /run && mkdir /run/dbus /run/avahi-daemon || exit 1
printf '[server]\\nhost-name=forza\\n[publish]\\npublish-hinfo=no\\npublish-workstation=no\\n' > /run/avahi.conf
dbus-daemon --system --nofork --nopidfile & bus=$!
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
avahi-daemon --no-drop-root --no-chroot --no-proc-title -f /run/avahi.conf >&2 & daemon=$!
until avahi-publish -s mercutio@forza _presence._tcp 5298 txtvers=1 >&2 & publisher=$!; sleep 0.3; kill -0 $publisher 2>/dev/null; do :; done
sleep 1
avahi-browse -rpt _presence._tcp
kill $publisher
sleep 0.3
kill $daemon $bus
wait
`
