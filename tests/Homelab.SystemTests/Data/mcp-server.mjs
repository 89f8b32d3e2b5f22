// The official server with three tools, told by its argument how it is spoken with: `stdio`, `http` (streamable, with sessions) or `sse` (the older events).
// Over HTTP it takes the bearer token in TOKEN, and prints its address as one line when it listens. It ends with its input.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';

const how = process.argv[2];

function make() {
  const server = new McpServer({ name: 'official', version: '9.8.7' });
  const done = async () => ({ content: [{ type: 'text', text: 'done' }] });
  server.registerTool('get_nodes', { description: 'Lists nodes', annotations: { readOnlyHint: true } }, done);
  server.registerTool('delete_vm', { description: 'Deletes a guest', annotations: { readOnlyHint: false, destructiveHint: true } }, done);
  server.registerTool('run_playbook', { description: 'Runs a playbook' }, done);
  return server;
}

if (how === 'stdio') {
  await make().connect(new StdioServerTransport());
} else {
  const sessions = new Map();
  const http = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${process.env.TOKEN}`) return response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    if (how === 'sse') {
      const url = new URL(request.url, 'http://localhost');
      if (request.method === 'POST' && url.pathname === '/messages') return sessions.get(url.searchParams.get('sessionId')).handlePostMessage(request, response);
      if (request.method !== 'GET') return response.writeHead(405).end();
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      return make().connect(transport);
    }
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: id => sessions.set(id, transport) });
      await make().connect(transport);
    }
    return transport.handleRequest(request, response);
  });
  http.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${http.address().port}/mcp\n`));
  process.stdin.on('end', () => process.exit()).resume();
}
