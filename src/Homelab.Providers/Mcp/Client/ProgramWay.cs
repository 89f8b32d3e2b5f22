using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.Providers.Mcp;

/// <summary>By MCP over the input and output of a program, which lives as long as the talk.</summary>
internal sealed class ProgramWay(McpServerSettings settings, McpFaults faults, ProviderContext context) : IMcpWay
{
    private const int LongestWords = 300;

    private readonly Allowance _allowance = new(faults);
    private ServerProgram? _program;

    public bool Reached => _program is not null;

    public ForeignWords Words { get; } = new();

    public async Task<(IClientTransport Transport, string Detail)> OpenAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(settings.Environment, StringComparer.Ordinal);
        foreach (var (name, reference) in settings.Secrets)
        {
            var secret = await context.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            Words.Learn(secret);
            environment[name] = secret.Reveal();
        }

        _program = ServerProgram.Start(settings, environment, context, faults);
        context.Trace($"started {settings.Command} as process {_program.Id}");
        return (new StreamClientTransport(_program.Input, new LimitedStream(_program.Output, _allowance)), "its program runs");
    }

    public async Task<HomelabException?> ExplainAsync(bool isLate)
    {
        if (_allowance.Trouble is { } trouble) return trouble;
        if (_program is null) return null;
        var ending = isLate ? _program.EndedAs : await _program.WaitShortlyAsync().ConfigureAwait(false);
        if (ending is not null) return faults.Ended(ending, Said());
        return isLate ? faults.NoAnswer(ServerVisitor.Deadline, Said()) : null;
    }

    public void Forget() => _allowance.Forget();

    public void Leave()
    {
        // The end of its input is the farewell, when the way is given up.
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync().ConfigureAwait(false);
    }

    private string Said() => _program is null ? "" : Words.CleanEnd(_program.LastWords, LongestWords).TrimEnd('.');
}
