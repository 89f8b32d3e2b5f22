using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Homelab.Tests;

/// <summary>A real PostgreSQL server for tests, made from nothing and gone with the process. It can be taken away for a while.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Program = "postgres";

    // The server does not run as root. Its shell ends it when our end of the pipe is closed, however this process ends.
    private const string Script = """
        bin=$1 port=$2
        pid=
        dir=$(mktemp -d /tmp/hl-pg-XXXXXX) || exit 1
        trap '[ -z "$pid" ] || { kill -QUIT $pid; wait $pid; } 2>/dev/null; rm -rf "$dir"' EXIT
        trap 'exit 1' HUP INT TERM
        echo test-password > "$dir/password"
        make() { "$bin/initdb" -D "$dir/data" -U lab -A scram-sha-256 --pwfile="$dir/password" --no-sync --encoding=UTF8 --locale=C.UTF-8 "$@" >"$dir/log" 2>&1; }
        # An order of its own, as most servers have; before 15 it could not be asked for.
        make --locale-provider=icu --icu-locale=en || make || { cat "$dir/log"; exit 1; }
        up() {
          "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" -c fsync=off -c max_connections=300 >>"$dir/log" 2>&1 </dev/null &
          pid=$!
          until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do kill -0 $pid 2>/dev/null || { cat "$dir/log"; exit 1; }; sleep 0.05; done
          echo up
        }
        down() { kill -QUIT $pid; wait $pid; pid=; }
        up
        while read -r command; do
          case $command in
            stop) down; echo down;;
            create*) PGPASSWORD=test-password "$bin/createdb" -h 127.0.0.1 -p "$port" -U lab "${command#create }"; echo created;;
            start) up;;
          esac
        done
        """;

    private static readonly Lazy<Task<PostgresServer>> s_shared = new(StartAsync);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Process _shell;

    private PostgresServer(Process shell, int port)
    {
        _shell = shell;
        Port = port;
        Connection = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Database=postgres;Username=lab;Password={Password}");
    }

    /// <summary>The password of its only user.</summary>
    public const string Password = "test-password";

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>A connection string.</summary>
    public string Connection { get; }

    /// <summary>The one that all tests of this process share; the test is skipped with its reason where there is none.</summary>
    public static Task<PostgresServer> SharedAsync()
    {
        Peer.Require(Program, Missing());
        return s_shared.Value;
    }

    /// <summary>One for a test that takes it away.</summary>
    public static Task<PostgresServer> OfItsOwnAsync()
    {
        Peer.Require(Program, Missing());
        return StartAsync();
    }

    /// <summary>Makes an empty database, and says how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"d{Guid.NewGuid():N}";
        await TellAsync($"create {name}", "created");
        return Connection.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal);
    }

    /// <summary>Takes it away, as a crash would.</summary>
    public Task StopAsync() => TellAsync("stop", "down");

    /// <summary>Brings it back.</summary>
    public Task StartAgainAsync() => TellAsync("start", "up");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _turn.Dispose();
    }

    private static string? Folder() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(static d => Path.Combine(d, "bin")).Where(static d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static string? Missing() => Folder() is null ? "PostgreSQL is not installed (apt: postgresql)" : null;

    private static async Task<PostgresServer> StartAsync()
    {
        var port = FreePort();
        string[] shell = ["sh", "-c", Script, "sh", Folder()!, port.ToString(CultureInfo.InvariantCulture)];
        string[] all = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. shell] : shell;
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/" };
        var server = new PostgresServer(Process.Start(start)!, port);
        await server.ExpectAsync("up");
        return server;
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task TellAsync(string command, string answer)
    {
        await _turn.WaitAsync();
        try
        {
            await _shell.StandardInput.WriteLineAsync(command);
            await _shell.StandardInput.FlushAsync();
            await ExpectAsync(answer);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ExpectAsync(string answer)
    {
        var said = new List<string>();
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == answer) return;
            said.Add(line);
        }

        throw new InvalidOperationException($"PostgreSQL ended: {string.Join('\n', said)}");
    }
}
