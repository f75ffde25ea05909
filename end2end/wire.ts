// A wire between browser and server that counts every byte that comes down, also for the service worker, and that can be
// cut: what the browser's own tools show of a worker is not what it cost.
import net from "node:net";

export class Wire {
  #server: net.Server;
  #open = new Set<net.Socket>();
  /** Bytes from the server since the last look, heads of answers included. */
  down = 0;
  /** Whether connections are refused and cut. */
  isCut = false;

  private constructor(to: number) {
    this.#server = net.createServer((phone) => {
      if (this.isCut) return phone.destroy();
      const server = net.connect(to, "127.0.0.1");
      for (const end of [phone, server]) {
        this.#open.add(end);
        end.on("close", () => this.#open.delete(end));
        end.on("error", () => {});
      }
      phone.pipe(server);
      server.on("data", (bytes) => (this.down += bytes.length));
      server.pipe(phone);
      phone.on("close", () => server.destroy());
      server.on("close", () => phone.destroy());
    });
  }

  /** Lays a wire to the server behind an address. */
  static async to(baseURL: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(baseURL).port));
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
