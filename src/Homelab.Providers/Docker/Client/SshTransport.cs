using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>An engine behind SSH: one <c>ssh … docker system dial-stdio</c> for each connection. The host's key is pinned; nothing of the account's own SSH set-up is used.</summary>
internal sealed class SshTransport(SshEndpoint endpoint, string basePath, ISecretSource secrets) : DockerTransport(endpoint)
{
    /// <summary>sshd turns connections away when more than ten log in at once.</summary>
    internal override int MaxConnections => 8;

    /// <summary>The program to run. Tests name another one.</summary>
    internal string Program { get; init; } = "ssh";

    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var files = await SshFiles.PrepareAsync(endpoint, basePath, secrets, cancellationToken).ConfigureAwait(false);
        Process? process = null;
        try
        {
            process = Process.Start(StartInfo(files)) ?? throw new InvalidOperationException("ssh did not start.");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            files.Dispose();
            throw DockerErrors.Unreachable(Endpoint, $"the program '{Program}' cannot be started; install an OpenSSH client", e);
        }

        var stream = new SshStream(process, files);
        try
        {
            await GreetAsync(stream, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            var said = await stream.LastWordsAsync().ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            throw Explain(said, e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal ProcessStartInfo StartInfo(SshFiles files)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        var arguments = start.ArgumentList;
        foreach (var argument in (string[])["-F", "none", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]) arguments.Add(argument);
        Option($"UserKnownHostsFile={Quoted(files.KnownHosts)}");
        Option("GlobalKnownHostsFile=none");
        Option("ConnectTimeout=10");
        // A host that lost its power says nothing.
        Option("ServerAliveInterval=15");
        Option("ServerAliveCountMax=3");
        if (files.Key is not null)
        {
            Option("IdentitiesOnly=yes");
            arguments.Add("-i");
            arguments.Add(files.Key);
        }

        arguments.Add("-p");
        arguments.Add(endpoint.Login.Port.ToString(CultureInfo.InvariantCulture));
        arguments.Add("--");
        arguments.Add($"{endpoint.Login.User}@{endpoint.Server}");
        foreach (var word in (string[])["docker", "system", "dial-stdio"]) arguments.Add(word);
        return start;

        void Option(string option)
        {
            arguments.Add("-o");
            arguments.Add(option);
        }
    }

    // The value of an option is a list of words to ssh.
    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    // ssh starts before it is connected. Only an answer proves that the way to the engine is open, and that what fails before it never reached the engine.
    private static async Task GreetAsync(SshStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("HEAD /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        const int HeadLimit = 8 * 1024;
        var head = new byte[1];
        var text = new StringBuilder();
        while (!EndsHead(text))
        {
            await stream.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
            text.Append((char)head[0]);
            if (text.Length > HeadLimit) throw new IOException("no HTTP answer");
        }

        if (!text.ToString(0, 5).Equals("HTTP/", StringComparison.Ordinal)) throw new IOException("no HTTP answer: " + DockerErrors.Shown(text.ToString()));
    }

    private static bool EndsHead(StringBuilder text) => text.Length >= 4 && text[^1] == '\n' && text[^2] == '\r' && text[^3] == '\n' && text[^4] == '\r';

    private HomelabException Explain(string said, Exception e)
    {
        var host = Endpoint.Host;
        if (said.Contains("Host key verification failed", StringComparison.Ordinal) || said.Contains("host key is known", StringComparison.Ordinal))
        {
            var wayOut = $"Compare it at the machine itself, then set hosts.{host}.ssh.hostKey.";
            return new HomelabException(
                ErrorKind.Denied,
                "HostKeyNotTrusted",
                $"{endpoint.Server} ({host}) showed an SSH key that is not the pinned one, or none is pinned. {wayOut}",
                host,
                e)
            { WayOut = wayOut, NothingHappened = true };
        }

        if (said.Contains("Permission denied (", StringComparison.Ordinal))
        {
            return DockerErrors.Denied(Endpoint, $"SSH did not accept the login of {endpoint.Login.User}", $"Put the public key into that account's authorized_keys; hosts.{host}.ssh.key names the private one.", e);
        }

        var line = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? e.Message;
        if (line.Contains("permission denied", StringComparison.OrdinalIgnoreCase)) return DockerErrors.Denied(Endpoint, DockerErrors.Shown(line).TrimEnd('.'), $"Add {endpoint.Login.User} to the group docker there.", e);
        return DockerErrors.Unreachable(Endpoint, DockerErrors.Shown(line), e);
    }
}
