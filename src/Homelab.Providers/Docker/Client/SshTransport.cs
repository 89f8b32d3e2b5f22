using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>An engine behind SSH: one <c>docker system dial-stdio</c> on its host for each connection. How the host is logged in to is the matter of <see cref="IRemoteHosts"/>.</summary>
internal sealed class SshTransport(SshEndpoint endpoint, IRemoteHosts remote) : DockerTransport(endpoint)
{
    /// <summary>sshd opens ten sessions over one connection.</summary>
    internal override int MaxConnections => 8;

    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var talk = await remote.OpenAsync(endpoint.Host, ["docker", "system", "dial-stdio"], cancellationToken).ConfigureAwait(false);
        try
        {
            await GreetAsync(talk.Stream, cancellationToken).ConfigureAwait(false);
            return talk.Stream;
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            var said = await talk.LastWordsAsync().ConfigureAwait(false);
            await talk.DisposeAsync().ConfigureAwait(false);
            throw Explain(said, e);
        }
        catch
        {
            await talk.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The program starts before it is connected. Only an answer proves that the way to the engine is open, and that what fails before it never reached the engine.
    private static async Task GreetAsync(Stream stream, CancellationToken cancellationToken)
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
        var line = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? e.Message;
        if (line.Contains("permission denied", StringComparison.OrdinalIgnoreCase)) return DockerErrors.Denied(Endpoint, DockerErrors.Shown(line).TrimEnd('.'), $"Add {endpoint.Login.User} to the group docker there.", e);
        return DockerErrors.Unreachable(Endpoint, DockerErrors.Shown(line), e);
    }
}
