/** Bare sockets for tests: what the other end of a wire can be when it is none of ours. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Net from "node:net"

export interface Pair {
  readonly near: Net.Socket
  readonly far: Net.Socket
}

/** Two ends of one TCP connection on loopback, half-open capable and not flowing; gone when the scope closes. */
export const rawPair: Effect.Effect<Pair, never, Scope.Scope> = Effect.acquireRelease(
  Effect.callback<Pair>((resume) => {
    const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (far) => {
      server.close()
      far.on("error", ignore)
      resume(Effect.succeed({ near, far }))
    })
    let near: Net.Socket
    server.listen(0, "127.0.0.1", () => {
      near = Net.connect({ port: portOf(server), host: "127.0.0.1", allowHalfOpen: true })
      near.on("error", ignore)
    })
  }),
  ({ near, far }) =>
    Effect.sync(() => {
      near.destroy()
      far.destroy()
    })
)

/** Passes on what comes from one socket to another; `bend` may change it. */
export const relay = (from: Net.Socket, to: Net.Socket, bend: (chunk: Buffer) => Buffer = (chunk) => chunk): void => {
  from.on("data", (chunk) => to.write(bend(Buffer.from(chunk))))
  from.on("end", () => to.end())
  from.on("close", () => to.destroy())
  from.resume()
}

/** Turns one bit, `offset` bytes after the start. */
export const bendAt = (offset: number): (chunk: Buffer) => Buffer => {
  let seen = 0
  return (chunk) => {
    const bent = Buffer.from(chunk)
    const index = offset - seen
    if (index >= 0 && index < bent.length) bent[index] = (bent[index] ?? 0) ^ 0x20
    seen += chunk.length
    return bent
  }
}

const portOf = (server: Net.Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const ignore = (): void => {}
