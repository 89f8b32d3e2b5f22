using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Docker;

/// <summary>One connection's events: JSON objects, one a line.</summary>
internal sealed class EventReader : IDisposable
{
    // An event with a container's labels has a few KiB.
    private const int LongestEvent = 1024 * 1024;
    private const int LongestName = 255;

    private readonly DockerWire _wire;
    private readonly string _path;
    private readonly HttpResponseMessage _answer;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    private EventReader(DockerWire wire, string path, HttpResponseMessage answer, Stream stream)
    {
        _wire = wire;
        _path = path;
        _answer = answer;
        _stream = stream;
        OpenedAt = EngineTime.Nanoseconds(answer.Headers.Date ?? wire.Time.GetUtcNow());
    }

    /// <summary>When it was opened, by the engine's clock, in nanoseconds since 1970.</summary>
    internal long OpenedAt { get; }

    internal static async Task<EventReader> OpenAsync(DockerWire wire, string path, CancellationToken cancellationToken)
    {
        var answer = await wire.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return new EventReader(wire, path, answer, await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>The next event; null when the engine ended the stream.</summary>
    /// <exception cref="HomelabException"><c>DockerConnectionLost</c>, <c>DockerAnswerUnreadable</c>.</exception>
    internal async Task<ContainerEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            if (end < 0)
            {
                if (await FillAsync(cancellationToken).ConfigureAwait(false)) continue;
                return null;
            }

            var line = _buffer.AsSpan(_start, end - _start);
            _start = end + 1;
            if (line.Trim(" \r"u8).IsEmpty) continue;
            if (Read(line) is { } happened) return happened;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _answer.Dispose();
    }

    private ContainerEvent? Read(ReadOnlySpan<byte> line)
    {
        EventWire? wire;
        try
        {
            wire = JsonSerializer.Deserialize(line, DockerJson.Default.EventWire);
        }
        catch (JsonException e)
        {
            throw DockerErrors.Unreadable(_wire.Endpoint, "GET " + _path, "an event is no JSON", e);
        }

        if (wire is not { Type: "container", Action: { Length: > 0 } action, Actor: { Id: { Length: > 0 } id } actor }) return null;
        // Each health check runs a command, and each command is three events.
        if (action.StartsWith("exec_", StringComparison.Ordinal)) return null;
        return new ContainerEvent
        {
            Container = ForeignText.Clean(Attribute(actor, "name") ?? id, LongestName),
            Host = _wire.Endpoint.Host,
            Id = id,
            Action = action,
            At = EngineTime.Moment(wire.UnixNanoseconds),
            UnixNanoseconds = wire.UnixNanoseconds,
            Image = Attribute(actor, "image") ?? "",
            ExitCode = Number(actor, "exitCode"),
            Signal = Number(actor, "signal"),
        };
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestEvent) throw DockerErrors.Unreadable(_wire.Endpoint, "GET " + _path, "an event has no end", inner: null);
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            return read > 0;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw _wire.Lost(_path, e);
        }
    }

    private static string? Attribute(ActorWire actor, string name) => actor.Attributes is not null && actor.Attributes.TryGetValue(name, out var value) ? value : null;

    private static int? Number(ActorWire actor, string name) => int.TryParse(Attribute(actor, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
