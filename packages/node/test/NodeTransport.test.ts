import { contract } from "../../transport/test/contract.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { make, show, three } from "./certificates.ts"

const [leaf, middle, root] = three("juliet@pronto")

contract("TCP and node:tls", NodeTransport.layer, {
  initiator: show(make({ name: "romeo@forza" })),
  recipient: show(make({ name: "juliet@pronto", algorithm: "ed25519" })),
  chained: show(leaf, middle, root)
})
