/** The timers of one end on the virtual clock. */
import type { Action, Event } from "@xmpp-e2e/protocol"
import type { Clock } from "../../simulator/Clock.ts"

type Setting = Extract<Action.Action, { readonly _tag: "SetTimer" }>

export interface Alarms {
  readonly set: (setting: Setting) => void
  readonly clear: (timer: Setting["timer"]) => void
  /** The clock of this end leaps: everything is due that much sooner, or later when it leaps back. */
  readonly leap: (millis: number) => void
  readonly stop: () => void
  readonly running: () => ReadonlyArray<Setting["timer"]>
}

export const make = (clock: Clock, post: (event: Event.Event) => void): Alarms => {
  const running = new Map<Setting["timer"], Running>()

  const start = (setting: Setting, due: number): void => {
    const cancel = clock.after(due - clock.now(), () => {
      running.delete(setting.timer)
      post({ _tag: "TimerFired", timer: setting.timer, generation: setting.generation })
    })
    running.set(setting.timer, { setting, due, cancel })
  }

  const clear = (timer: Setting["timer"]): void => {
    running.get(timer)?.cancel()
    running.delete(timer)
  }

  return {
    set: (setting) => {
      clear(setting.timer)
      start(setting, clock.now() + setting.after)
    },
    clear,
    leap: (millis) => {
      for (const { cancel, due, setting } of [...running.values()]) {
        cancel()
        start(setting, due - millis)
      }
    },
    stop: () => {
      for (const timer of [...running.keys()]) clear(timer)
    },
    running: () => [...running.keys()]
  }
}

interface Running {
  readonly setting: Setting
  readonly due: number
  readonly cancel: () => void
}
