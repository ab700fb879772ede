// Picks a folder in the page of examples/javascript and prints what it shows: node browser.js CHROMIUM ADDRESS FOLDER
import { chromium } from "playwright-core";

const [executablePath, address, folder] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  // The machine may be slow, and the page compiles the component.
  page.setDefaultTimeout(300_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(address);
  await page.locator("#folder:enabled").setInputFiles(folder);
  await page.locator("#map:not(:empty)").waitFor();
  process.stdout.write(await page.locator("#map").textContent());
  console.error(await page.locator("#state").textContent(), ...wrong);
} finally {
  await browser.close();
}
