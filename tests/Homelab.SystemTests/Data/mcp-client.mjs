// The official client, told by its arguments how to come in: `bearer URL TOKEN`, `credentials URL ID SECRET`, `code URL CALLBACK`.
// With `bearer URL TOKEN RESOURCE PROMPT` it also reads a resource and a prompt, and prints a second line with them.
// It prints one line of JSON with the tools that it was shown; for `code` before that one with the address for the browser, and then it reads the code.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { createInterface } from 'node:readline/promises';

const [how, url, first, second, third] = process.argv.slice(2);
const say = what => process.stdout.write(JSON.stringify(what) + '\n');

class Person {
  constructor(callback) { this.redirectUrl = callback; }
  get clientMetadata() { return { client_name: 'Official client', redirect_uris: [this.redirectUrl], token_endpoint_auth_method: 'none' }; }
  state() { return 'the-state'; }
  clientInformation() { return this.client; }
  saveClientInformation(client) { this.client = client; }
  tokens() { return this.kept; }
  saveTokens(tokens) { this.kept = tokens; }
  redirectToAuthorization(address) { say({ browser: address.href }); }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
}

const options = how === 'bearer' ? { requestInit: { headers: { Authorization: `Bearer ${first}` } } }
  : { authProvider: how === 'credentials' ? new ClientCredentialsProvider({ clientId: first, clientSecret: second, scope: 'mcp' }) : new Person(first) };
let transport = new StreamableHTTPClientTransport(new URL(url), options);
let client = new Client({ name: 'official', version: '1.0' });
try {
  await client.connect(transport);
} catch (error) {
  if (how !== 'code' || !(error instanceof UnauthorizedError)) throw error;
  const lines = createInterface({ input: process.stdin });
  await transport.finishAuth((await lines[Symbol.asyncIterator]().next()).value);
  lines.close();
  transport = new StreamableHTTPClientTransport(new URL(url), options);
  client = new Client({ name: 'official', version: '1.0' });
  await client.connect(transport);
}

say({ tools: (await client.listTools()).tools.map(tool => tool.name) });
if (how === 'bearer' && second) {
  say({
    resources: (await client.listResources()).resources.map(resource => resource.uri),
    resource: (await client.readResource({ uri: second })).contents[0],
    prompt: (await client.getPrompt({ name: third, arguments: { subject: 'gitea' } })).messages,
  });
}

await client.close();
