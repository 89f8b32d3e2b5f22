using System.Buffers;

namespace Homelab.Providers.Docker;

/// <summary>Commands in the containers of one engine.</summary>
internal sealed class DockerCommands(DockerWire wire)
{
    private const int ReadSize = 16 * 1024;

    /// <summary>Tells the engine of a command; nothing runs yet. <c>POST /containers/{id}/exec</c>.</summary>
    /// <returns>The id by which the engine knows it.</returns>
    /// <exception cref="HomelabException"><c>ContainerNotFound</c>; <c>ContainerNotRunning</c> (Conflict); and what every call throws.</exception>
    internal async Task<string> CreateAsync(string container, ExecCreateWire command, CancellationToken cancellationToken)
    {
        var path = $"/containers/{Uri.EscapeDataString(container)}/exec";
        try
        {
            var created = await wire.PostAsync(path, command, DockerJson.Default.ExecCreateWire, DockerJson.Default.ExecCreatedWire, cancellationToken).ConfigureAwait(false);
            return created.Id is { Length: > 0 } id ? id : throw DockerErrors.Unreadable(wire.Endpoint, "POST " + path, "no id", inner: null);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, container, e);
        }
        catch (HomelabException e) when (e.Id == "DockerConflict")
        {
            throw new HomelabException(ErrorKind.Conflict, "ContainerNotRunning", $"Commands run only in a container that runs. {e.Message}", container, e) { NothingHappened = true };
        }
    }

    /// <summary>Runs it, and takes what it writes until it closes its outputs. <c>POST /exec/{id}/start</c>.</summary>
    /// <param name="id">The command.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="begun">Called once the engine has taken the wish.</param>
    /// <param name="cancellationToken">Ends the reading; the engine has no way to end the command.</param>
    internal async Task RunAsync(string id, CommandOutput output, Action begun, CancellationToken cancellationToken)
    {
        var path = $"/exec/{Uri.EscapeDataString(id)}/start";
        using var answer = await wire.OpenAsync(path, new ExecStartWire(), DockerJson.Default.ExecStartWire, cancellationToken).ConfigureAwait(false);
        begun();
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var frames = new FrameDecoder(output);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read) frames.Feed(buffer.AsSpan(0, read));
            frames.Finish();
        }
        catch (FormatException e)
        {
            throw DockerErrors.Unreadable(wire.Endpoint, "POST " + path, e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw DockerErrors.Lost(wire.Endpoint, "POST " + path, nothingHappened: false, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether it has ended, and how. <c>GET /exec/{id}/json</c>.</summary>
    internal Task<ExecWire> InspectAsync(string id, CancellationToken cancellationToken) =>
        wire.GetAsync($"/exec/{Uri.EscapeDataString(id)}/json", DockerJson.Default.ExecWire, cancellationToken);
}
