namespace Homelab.UnitTests.Providers.Docker;

/// <summary>Hosts whose programs say what the test tells, and what was run on them.</summary>
internal sealed class RecordedHosts(params string[] hosts) : IRemoteHosts
{
    private readonly List<(string Begin, Func<RemoteCommand, RemoteResult> Answer)> _answers = [];

    public IReadOnlyList<string> Hosts { get; } = hosts;

    /// <summary>What was run, in order, as a line.</summary>
    internal List<string> Lines { get; } = [];

    /// <summary>From now on commands that begin so are answered so; what was told later holds.</summary>
    internal void On(string begin, string output = "", string error = "", int exitCode = 0) =>
        On(begin, command => new RemoteResult { Host = Hosts[0], Words = command.Words, ExitCode = exitCode, Output = output, Error = error });

    internal void On(string begin, Func<RemoteCommand, RemoteResult> answer) => _answers.Insert(0, (begin, answer));

    public Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken)
    {
        var line = string.Join(' ', command.Words);
        Lines.Add(line);
        var (_, answer) = _answers.Find(a => line.StartsWith(a.Begin, StringComparison.Ordinal));
        return answer is null ? throw new InvalidOperationException("Nobody told what to answer to " + line) : Task.FromResult(answer(command));
    }

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw new NotSupportedException("No test speaks with a program here.");
}
