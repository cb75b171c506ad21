/** The flags that say what `listen` tells on the local network. */
import * as Flag from "effect/cli/Flag"

export const announceFlags = {
  announce: Flag.Boolean("announce").pipe(
    Flag.withDescription("Say on this network that we are here, unless --host is this machine's own (default: yes)"),
    Flag.withDefault(true)
  ),
  status: Flag.Literals("status", ["avail", "away", "dnd"]).pipe(
    Flag.withDescription("Presence that is announced (default: avail)"),
    Flag.withDefault("avail")
  ),
  message: Flag.String("message").pipe(
    Flag.withMetavar("TEXT"),
    Flag.withDescription("A text beside the presence; everybody on this network can read it"),
    Flag.optional
  ),
  nick: Flag.String("nick").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("A friendly name, announced as well"),
    Flag.optional
  )
}
