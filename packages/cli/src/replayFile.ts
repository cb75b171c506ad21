/**
 * One recording folded through the reducer as it is read, and its bytes read again: nothing of it is kept but the state.
 */
import { Explain, Recording, Replay, Reread } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CommandFailed } from "./exit.ts"
import * as Output from "./output.ts"
import { headless, reads, type Unreadable } from "./recordingReads.ts"
import { guarded } from "./reducers.ts"

export interface Told {
  readonly replay: Replay.Replay
  readonly reread: Reread.Reread
  /** The last line was incomplete. */
  readonly torn?: string
}

export interface Wishes {
  readonly until: Option.Option<number>
  /** Each step in words, on standard output. */
  readonly describe: boolean
  readonly reducer: Replay.Folds
}

export const replayFile = Effect.fnUntraced(
  function*(
    file: string,
    wishes: Wishes
  ): Effect.fn.Return<Told, Unreadable | CommandFailed, FileSystem.FileSystem> {
    const fold = makeFold(wishes)
    yield* reads(file).pipe(
      Stream.takeWhile((read) => !isBeyond(read, wishes.until)),
      Stream.runForEachArray((all) => Effect.flatMap(folded(file, all, fold.take), Output.lines))
    )
    return fold.told() ?? (yield* headless(file))
  }
)

const isBeyond = (read: Recording.Read, until: Option.Option<number>): boolean =>
  Option.isSome(until) && read._tag === "Line" && Recording.isStep(read.line) && read.line.seq > until.value

const folded = (
  file: string,
  all: ReadonlyArray<Recording.Read>,
  take: (read: Recording.Read) => ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, CommandFailed> => {
  let last: Recording.Read | undefined
  return guarded(file, () => last, () =>
    all.flatMap((read) => {
      last = read
      return take(read)
    }))
}

const makeFold = ({ describe, reducer }: Wishes) => {
  const rereading = Reread.make()
  let replay: Replay.Replay | undefined
  let before = "Dormant"
  let torn: string | undefined

  const step = (line: Recording.Line): ReadonlyArray<string> => {
    if (replay === undefined || !Recording.isStep(line)) return []
    replay = Replay.next(replay, line, reducer)
    const described = describe ? [...Explain.gap(line), Explain.step(before, line)] : []
    before = line.state
    return described
  }

  /** Lines of the description. */
  const take = (read: Recording.Read): ReadonlyArray<string> => {
    rereading.take(read)
    switch (read._tag) {
      case "Empty":
        return []
      case "Torn":
        torn = read.error.message
        return []
      case "Head":
        replay = Replay.start(read.head, reducer)
        return describe ? [Explain.head(read.head)] : []
      case "Line":
        return step(read.line)
    }
  }

  const told = (): Told | undefined =>
    replay === undefined
      ? undefined
      : { replay, reread: rereading.outcome(), ...(torn === undefined ? {} : { torn }) }

  return { take, told }
}
