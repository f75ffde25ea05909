// One server with a fresh database, one phone. Settings: see README.md.
import { existsSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const port = Number(process.env.E2E_PORT ?? 3100);
const url = `http://localhost:${port}`;
const server = path.resolve(process.env.E2E_SERVER ?? "../target/debug/bdhvs");
const data = path.resolve("test-results/data");
const chromium = process.env.E2E_CHROMIUM ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);

// The server refuses settings it does not know, and none of the developer's own belongs here.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("BDHVS_")) delete process.env[name];
}

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "test-results/traces",
  fullyParallel: true,
  // One at a time: on two cores two browsers and a server are a quarter faster side by side, and slow each other past every patience.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    baseURL: url,
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    // Without pictures: filming every test would take longer than the tests.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: chromium,
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  projects: [
    {
      name: "phone",
      use: {
        browserName: "chromium",
        viewport: { width: 360, height: 640 },
        isMobile: true,
        hasTouch: true,
        deviceScaleFactor: 2,
        locale: "vi-VN",
        timezoneId: "Asia/Ho_Chi_Minh",
      },
    },
  ],
  webServer: {
    // Playwright starts this before any global setup, so the old data is removed here.
    command: `rm -rf '${data}' && mkdir -p '${data}' && exec '${server}' 2>test-results/server.log`,
    url: `${url}/`,
    reuseExistingServer: false,
    timeout: 30_000,
    env: {
      BDHVS_LISTEN: `127.0.0.1:${port}`,
      BDHVS_PUBLIC_URL: url,
      BDHVS_DATA_DIR: data,
      BDHVS_CONTENT_DIR: path.resolve("../content"),
      // Off by default; on here, so that its part of the page is tested too.
      BDHVS_IDENTITY_NUMBERS: "on",
    },
  },
});
