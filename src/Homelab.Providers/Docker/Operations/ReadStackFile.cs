using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Reads the compose file of a stack: the one that compose itself takes. What looks secret in it is hidden, and its <c>.env</c> is never shown.</summary>
/// <remarks>By a fixed script on the host: <c>readlink -f</c>, <c>base64</c>. Which names compose takes, and in which order: <c>compose.yaml</c>, <c>compose.yml</c>, <c>docker-compose.yml</c>, <c>docker-compose.yaml</c>.</remarks>
[Operation("docker_read_compose", Level.Configure, Risk.Read)]
[Description("Reads the compose file of a stack, the one that compose takes, with its hash. What looks secret is ***1***, ***2***, …; written back so, it stays what it is. The .env is never shown.")]
[Example("Get-HlStackFile media@dev", "Read one stack's file.")]
[Example("(Get-HlStackFile media@dev).Content", "See its text alone.")]
public sealed class ReadStackFile : Query<ReadStackFile.Input, StackFile>
{
    private readonly StackKeeper _stacks;

    internal ReadStackFile(StackKeeper stacks) => _stacks = stacks;

    /// <summary>Which stack.</summary>
    public sealed record Input
    {
        /// <summary>The stack.</summary>
        [Subject, Description("The stack: its name, or name@host.")]
        public required StackRef Stack { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Read the compose file of stack", new Target("stack", input.Stack.Name, input.Stack.Host));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<StackFile> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = await _stacks.FindAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var home = await _stacks.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        if (home.Name is null) throw StackErrors.NoFile(place);
        var hidden = HiddenSecrets.In(home.Text, _stacks.Yaml.Read(home.Text).Document);
        var (reading, problem) = Understand(home, place);
        yield return new StackFile
        {
            Stack = place.Name,
            Host = place.Host,
            Path = $"{home.Folder.TrimEnd('/')}/{home.Name}",
            Hash = home.Hash!,
            Content = hidden.Shown,
            Hidden = hidden.Count,
            Services = reading?.Services ?? [],
            Concerns = reading?.Concerns ?? [],
            Override = home.Override,
            Ignored = home.Others,
            Backups = home.Backups,
            Warning = problem ?? (home.Others.Count == 0 ? null : $"{place} has more than one compose file: compose takes {home.Name}, and not {string.Join(", ", home.Others)}."),
        };
    }

    // One that is wrong is the very one that people want to see.
    private (ComposeReading? Reading, string? Problem) Understand(StackHome home, StackPlace place)
    {
        try
        {
            return (home.Understand(place, _stacks.Yaml), null);
        }
        catch (HomelabException e) when (e.Id == "StackFileInvalid")
        {
            return (null, e.What);
        }
    }
}
