import { text } from 'node:stream/consumers';
import Fastify from 'fastify';

/** A bare server that returns the bytes it got on stdin: what the framework alone can do on this machine. */

const [port, route] = process.argv.slice(2);
const body = Buffer.from(await text(process.stdin));
const server = Fastify();
server.get(route, (_request, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(body));
await server.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write('listening\n');
