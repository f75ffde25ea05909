// A wire between browser and server that counts every byte that comes down, also for the service worker, and that can be
// cut, or weak as in a village: what the browser's own tools show of a worker is not what it cost, and they slow it down not at all.
import net from "node:net";
import { Transform } from "node:stream";

/** A weak network. */
export interface Weak {
  /** How long a byte is on its way, one way. */
  oneWayMs: number;
  /** How many bytes come through in a second, each way, all connections together. */
  bytesPerSecond: number;
}

/** Round trips before the first request of a connection: TCP and TLS 1.3. */
const GREETINGS = 2;

/** Bytes that travel together. */
const PACKET = 1400;

/** One way of a weak network: whatever is sent first goes first, whichever connection it belongs to. */
class Way {
  #weak: Weak;
  #freeAt = 0;

  constructor(weak: Weak) {
    this.#weak = weak;
  }

  /** One connection's part of it, which is open after so many milliseconds. */
  carry(opensAfterMs: number): Transform {
    const { oneWayMs, bytesPerSecond } = this.#weak;
    const opens = Date.now() + opensAfterMs;
    const underWay: Buffer[] = [];
    let lastArrives = 0;
    const carried: Transform = new Transform({
      transform: (bytes: Buffer, _encoding, done) => {
        for (let at = 0; at < bytes.length; at += PACKET) {
          const packet = bytes.subarray(at, at + PACKET);
          this.#freeAt = Math.max(this.#freeAt, Date.now()) + (packet.length / bytesPerSecond) * 1000;
          lastArrives = Math.max(this.#freeAt, opens) + oneWayMs;
          underWay.push(packet);
          setTimeout(() => carried.push(underWay.shift()), lastArrives - Date.now());
        }
        done();
      },
      flush: (done) => void setTimeout(done, lastArrives - Date.now() + 1),
    });
    return carried;
  }
}

export class Wire {
  #server: net.Server;
  #open = new Set<net.Socket>();
  /** Bytes from the server since the last look, heads of answers included. */
  down = 0;
  /** Whether connections are refused and cut. */
  isCut = false;

  private constructor(to: number, weak?: Weak) {
    const [up, down] = weak ? [new Way(weak), new Way(weak)] : [];
    this.#server = net.createServer((phone) => {
      if (this.isCut) return phone.destroy();
      const server = net.connect(to, "127.0.0.1");
      for (const end of [phone, server]) {
        this.#open.add(end);
        end.on("close", () => this.#open.delete(end));
        end.on("error", () => {});
      }
      server.on("data", (bytes) => (this.down += bytes.length));
      if (weak && up && down) {
        phone.pipe(up.carry(GREETINGS * 2 * weak.oneWayMs)).pipe(server);
        server.pipe(down.carry(0)).pipe(phone);
      } else {
        phone.pipe(server);
        server.pipe(phone);
      }
      phone.on("close", () => server.destroy());
      // What was sent before still arrives.
      server.on("close", () => weak ?? phone.destroy());
    });
  }

  /** Lays a wire to the server behind an address. */
  static async to(baseURL: string, weak?: Weak): Promise<Wire> {
    const wire = new Wire(Number(new URL(baseURL).port), weak);
    await new Promise<void>((ready) => wire.#server.listen(0, "127.0.0.1", ready));
    return wire;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as net.AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }
}
