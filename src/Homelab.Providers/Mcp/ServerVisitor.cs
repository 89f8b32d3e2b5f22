using System.Globalization;
using System.Net;
using ModelContextProtocol;

namespace Homelab.Providers.Mcp;

/// <summary>Talks with one server once: everything that is tried ends in a bounded time, and what goes wrong is kept, not thrown.</summary>
/// <param name="server">Which.</param>
/// <param name="time">The clock.</param>
/// <param name="isThorough">Whether what is only worth knowing when somebody asks for it is tried as well.</param>
internal sealed class ServerVisitor(KnownServer server, TimeProvider time, bool isThorough)
{
    private const int LongestError = 200;

    private readonly List<VisitStep> _steps = [];
    private string _product = "";
    private string _version = "";
    private string _protocol = "";
    private IReadOnlyList<McpTool>? _tools;

    /// <summary>How long one server has for all of it.</summary>
    internal static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(10);

    internal async Task<ServerVisit> VisitAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (server.Objection is { } objection)
        {
            Fail(server.Kind == McpServerKind.Health ? McpNames.Health : McpNames.Connection, began, objection);
        }
        else
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            if (server.Kind != McpServerKind.Health) await TalkAsync(either.Token, cancellationToken).ConfigureAwait(false);
            if (server.HealthPlace is { } health && (isThorough || server.Kind == McpServerKind.Health)) await AskHealthAsync(health, cancellationToken).ConfigureAwait(false);
        }

        AddWhatWasNotTried();
        return new ServerVisit { Steps = _steps, Took = time.GetElapsedTime(began), Product = _product, Version = _version, Protocol = _protocol, Tools = _tools };
    }

    private async Task TalkAsync(CancellationToken either, CancellationToken caller)
    {
        var way = server.NewWay();
        try
        {
            await TalkAsync(way, either, caller).ConfigureAwait(false);
        }
        finally
        {
            await way.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task TalkAsync(IMcpWay way, CancellationToken either, CancellationToken caller)
    {
        var opened = await TryAsync(McpNames.Connection, () => way.OpenAsync(either), static o => o.Detail, way, caller).ConfigureAwait(false);
        if (opened == default) return;
        var talk = await TryAsync(McpNames.Initialize, () => McpTalk.BeginAsync(opened.Transport, way.Words, server.Faults, time, either), Introduction, way, caller).ConfigureAwait(false);
        if (talk is null)
        {
            if (!way.Reached) BlameConnection();
            return;
        }

        try
        {
            (_product, _version, _protocol) = (talk.Product, talk.Version, talk.Protocol);
            _steps.Add(new VisitStep(McpNames.Protocol, McpVerdict.Ok, talk.Protocol));
            if (isThorough && !await PingAsync(talk, way, either, caller).ConfigureAwait(false)) return;
            _tools = await TryAsync(McpNames.Tools, () => talk.ListToolsAsync(either), Count, way, caller).ConfigureAwait(false);
        }
        finally
        {
            way.Leave();
            await talk.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> PingAsync(McpTalk talk, IMcpWay way, CancellationToken either, CancellationToken caller)
    {
        if (!talk.HasPing)
        {
            _steps.Add(new VisitStep(McpNames.Ping, McpVerdict.Ok, $"{talk.Protocol} has none: each request stands for itself"));
            return true;
        }

        return await TryAsync(McpNames.Ping, async () => { await talk.PingAsync(either).ConfigureAwait(false); return true; }, static _ => "it answers", way, caller).ConfigureAwait(false);
    }

    // It has a time of its own: that the server keeps silent in MCP says nothing about it.
    private async Task AskHealthAsync(HttpPlace place, CancellationToken caller)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, deadline.Token);
        var way = new HttpWay(place);
        try
        {
            await TryAsync(McpNames.Health, () => way.AskHealthAsync(either.Token), static d => d, way, caller).ConfigureAwait(false);
        }
        finally
        {
            await way.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<T?> TryAsync<T>(string name, Func<Task<T>> tryAsync, Func<T, string> tell, IMcpWay way, CancellationToken caller)
    {
        var began = time.GetTimestamp();
        try
        {
            var result = await tryAsync().ConfigureAwait(false);
            way.Forget();
            _steps.Add(new VisitStep(name, McpVerdict.Ok, tell(result), time.GetElapsedTime(began)));
            return result;
        }
        catch (Exception) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        // The protocol's client throws whatever its parsers make of what a server sends.
        catch (Exception e)
        {
            var known = e as HomelabException ?? await way.ExplainAsync(isLate: e is OperationCanceledException).ConfigureAwait(false);
            Fail(name, began, known ?? Explain(e, way.Words));
            return default;
        }
    }

    private HomelabException Explain(Exception e, ForeignWords words) => e switch
    {
        OperationCanceledException or TimeoutException => server.Faults.NoAnswer(Deadline),
        McpProtocolException protocol => server.Faults.Odd(string.Create(CultureInfo.InvariantCulture, $"refuses what every MCP server answers: {words.Clean(protocol.Message, LongestError).TrimEnd('.')} ({(int)protocol.ErrorCode})"), e),
        HttpRequestException { StatusCode: HttpStatusCode status } => server.Faults.Odd($"answered HTTP {(int)status} where MCP was expected", e),
        _ => server.Faults.Odd($"answered what is no MCP: {words.Clean(e.Message, LongestError).TrimEnd('.')}", e),
    };

    private void Fail(string name, long began, HomelabException trouble) =>
        _steps.Add(new VisitStep(name, trouble.Kind == ErrorKind.Timeout ? McpVerdict.Unknown : McpVerdict.Failed, server.Faults.Brief(trouble), time.GetElapsedTime(began), trouble));

    // Nothing came back at all: there was no connection to introduce oneself over.
    private void BlameConnection()
    {
        var failed = _steps[^1];
        _steps.Clear();
        _steps.Add(failed with { Name = McpNames.Connection });
    }

    private void AddWhatWasNotTried()
    {
        if (server.Kind == McpServerKind.Health || _steps.FirstOrDefault(static s => s.Verdict != McpVerdict.Ok && s.Name != McpNames.Health) is not { } failed) return;
        string[] all = isThorough ? [McpNames.Connection, McpNames.Initialize, McpNames.Protocol, McpNames.Ping, McpNames.Tools] : [McpNames.Connection, McpNames.Initialize, McpNames.Protocol, McpNames.Tools];
        var at = _steps.IndexOf(failed) + 1;
        _steps.InsertRange(at, all[(Array.IndexOf(all, failed.Name) + 1)..].Select(n => new VisitStep(n, McpVerdict.Unknown, $"not tried: {failed.Name} was not well")));
    }

    private static string Introduction(McpTalk talk) => talk.Product.Length == 0 ? "it does not say who it is" : $"it is {talk.Product} {talk.Version}".TrimEnd();

    private static string Count(IReadOnlyList<McpTool> tools) => tools.Count == 1 ? "1 tool" : string.Create(CultureInfo.InvariantCulture, $"{tools.Count} tools");
}
