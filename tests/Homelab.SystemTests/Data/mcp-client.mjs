// The official client, told by its arguments how to come in: `bearer URL TOKEN`, `credentials URL ID SECRET`, `code URL CALLBACK`, `stdio PROGRAM ARGUMENT…`.
// With `bearer URL TOKEN RESOURCE PROMPT` it also reads a resource and a prompt, and prints a second line with them.
// It prints one line of JSON with the tools that it was shown; for `code` before that one with the address for the browser, and then it reads the code.
// MCP_SCRIPT, a JSON object, says what else it does:
//   headers   sent with each request         session   the id of a session that is gone on with      elicit   what a person at it answers to a form
//   host      the name by which it says that the server is called
//   calls     the tools that it calls        again     waits for a line, and lists the tools anew    replay   shows its code a second time
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { request } from 'node:http';
import { createInterface } from 'node:readline/promises';

const [how, url, first, second, third] = process.argv.slice(2);
const script = JSON.parse(process.env.MCP_SCRIPT ?? '{}');
const say = what => process.stdout.write(JSON.stringify(what) + '\n');
let lines;
const hear = async () => (await (lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]()).next()).value;

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

const requestInit = { headers: { ...script.headers, ...(how === 'bearer' ? { Authorization: `Bearer ${first}` } : {}) } };
const options = { requestInit, sessionId: script.session };
// The platform's own fetch sends the name of the address, whatever it is told.
if (script.host) options.fetch = (address, init) => new Promise((resolve, reject) => {
  const asked = request(address, { method: init.method, headers: { ...Object.fromEntries(new Headers(init.headers)), host: script.host } }, answer => {
    const parts = [];
    answer.on('data', part => parts.push(part));
    answer.on('end', () => resolve(new Response(Buffer.concat(parts), { status: answer.statusCode, headers: answer.headers })));
  });
  asked.on('error', reject);
  asked.end(init.body);
});
if (how === 'credentials') options.authProvider = new ClientCredentialsProvider({ clientId: first, clientSecret: second, scope: 'mcp' });
if (how === 'code') options.authProvider = new Person(first);
const connect = () => how === 'stdio' ? new StdioClientTransport({ command: url, args: process.argv.slice(4), env: process.env }) : new StreamableHTTPClientTransport(new URL(url), options);

function create() {
  const client = new Client({ name: 'official', version: '1.0' }, { capabilities: script.elicit ? { elicitation: {} } : {} });
  if (script.elicit) client.setRequestHandler(ElicitRequestSchema, async request => {
    say({ shown: request.params });
    return script.elicit;
  });
  return client;
}

let transport = connect();
let client = create();
try {
  await client.connect(transport);
} catch (error) {
  if (how !== 'code' || !(error instanceof UnauthorizedError)) throw error;
  const code = await hear();
  await transport.finishAuth(code);
  transport = connect();
  client = create();
  await client.connect(transport);
  if (script.replay) {
    say({ tools: (await client.listTools()).tools.map(tool => tool.name) });
    await transport.finishAuth(code).then(() => say({ replayed: 'taken' }), error => say({ replayed: error.name, message: error.message }));
  }
}

const list = async () => say({ tools: (await client.listTools()).tools.map(tool => tool.name), session: transport.sessionId });
await list();
for (const call of script.calls ?? []) say({ result: await client.callTool(call) });
if (script.again) {
  await hear();
  await list();
}
if (how === 'bearer' && second) {
  say({
    resources: (await client.listResources()).resources.map(resource => resource.uri),
    resource: (await client.readResource({ uri: second })).contents[0],
    prompt: (await client.getPrompt({ name: third, arguments: { subject: 'gitea' } })).messages,
  });
}

await client.close();
process.exit(0);
