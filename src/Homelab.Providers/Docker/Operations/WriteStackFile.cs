using System.ComponentModel;
using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>
/// Writes the compose file of a stack: over the very file that is there, only if it is still what was read, and only what compose finds right. The old one is kept beside it. Nothing is
/// begun or stopped.
/// </summary>
/// <remarks>By a fixed script on the host: a temporary file in the same folder, <c>docker compose config -q</c>, a copy of the old one, a rename. Then it is read again.</remarks>
[Operation("docker_write_compose", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Writes the compose file of a stack, over the one that is there and only if it still has the hash that was read. Compose on the host checks it first; the old one is kept as a backup. Starts nothing: that is docker_compose_up.")]
[Example("$f = Get-HlStackFile media@dev; Set-HlStackFile media@dev -Content ($f.Content -replace 'nginx:1.27', 'nginx:1.28') -Hash $f.Hash", "Read, change and write one file; what was hidden in it stays what it is.")]
[Example("Set-HlStackFile media@dev -Backup compose.yaml.20260101T120000000Z.bak -Hash (Get-HlStackFile media@dev).Hash", "Put back what an earlier change has kept.")]
public sealed class WriteStackFile : Change<WriteStackFile.Input, StackFileChange>
{
    private readonly StackKeeper _stacks;

    internal WriteStackFile(StackKeeper stacks) => _stacks = stacks;

    /// <summary>What to write.</summary>
    public sealed record Input
    {
        /// <summary>The stack.</summary>
        [Subject, Description("The stack: its name, or name@host.")]
        public required StackRef Stack { get; init; }

        /// <summary>What to write.</summary>
        [Description("The whole new text, at most 256 KiB. ***1*** and the like stand for what was hidden when it was read. Secrets belong into the .env beside it, not here.")]
        public string? Content { get; init; }

        /// <summary>What it must be still.</summary>
        [Description("The hash that was told when it was read. Needed unless there is no compose file yet.")]
        public string? Hash { get; init; }

        /// <summary>An earlier one.</summary>
        [Description("In place of content: the name of a backup to put back, as docker_read_compose lists them.")]
        public string? Backup { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent(input.Backup is null ? "Write the compose file of stack" : "Put back an earlier compose file of stack", new Target("stack", input.Stack.Name, input.Stack.Host));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var place = await _stacks.FindAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var draft = await DraftAsync(input, place, cancellationToken).ConfigureAwait(false);
        var world = $"{(draft.Before.Name is null ? $"new {StackHome.NewName}" : $"{draft.Before.Name} {draft.Before.Hash![..12]}")} becomes {StackHome.HashOf(draft.Bytes)[..12]}: {draft.Reading}";
        return new Prepared<Input>(input with { Stack = new StackRef(place.ToString()) }, draft.Before.Hash ?? "") { World = world, Findings = [.. StackLook.FindingsOf(draft.Reading)] };
    }

    /// <inheritdoc/>
    protected override async Task<StackFileChange> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var place = await _stacks.FindAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var draft = await DraftAsync(input, place, cancellationToken).ConfigureAwait(false);
        var (before, bytes) = (draft.Before, draft.Bytes);
        var change = new StackFileChange
        {
            Stack = place.Name,
            Host = place.Host,
            Path = $"{before.Folder.TrimEnd('/')}/{before.Name ?? StackHome.NewName}",
            Hash = StackHome.HashOf(bytes),
            HashBefore = before.Hash,
            Services = draft.Reading.Services,
            Concerns = draft.Reading.Concerns,
            Warning = before.Others.Count == 0 ? null : $"{place} has more than one compose file: {before.Name} was written, which compose takes; {string.Join(", ", before.Others)} was left alone.",
        };
        if (before.Hash == change.Hash) return change;
        var hidden = HiddenSecrets.In(Encoding.UTF8.GetString(bytes), _stacks.Yaml.Read(Encoding.UTF8.GetString(bytes)).Document);
        var (backup, program) = await new StackWriter(_stacks, context).WriteAsync(place, before, bytes, hidden, cancellationToken).ConfigureAwait(false);
        return change with { Backup = backup, Compose = program.ToString(), Undo = backup is null ? null : $"Set-HlStackFile {place} -Backup {backup} -Hash {change.Hash}" };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var place = await _stacks.FindAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var now = await _stacks.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        // It is replaced in one step: it is either the old one or another.
        if ((now.Hash ?? "") == mark) return Settlement.DidNotHappen;
        // What was hidden when it was asked for is known only by the file that was there: its backup is not looked at here.
        return input.Content is { } content && now.Hash == StackHome.HashOf(Encoding.UTF8.GetBytes(content)) ? Settlement.Happened : Settlement.Unknown;
    }

    private async Task<Draft> DraftAsync(Input input, StackPlace place, CancellationToken cancellationToken)
    {
        if ((input.Content is null) == (input.Backup is null)) throw Problem("content", value: null, "and backup are both given, or neither", "Give one of the two.");
        var before = await _stacks.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        Demand(input, place, before);
        var bytes = input.Backup is { } backup
            ? await StackWriter.BackupAsync(_stacks, place, before, backup, cancellationToken).ConfigureAwait(false)
            : Encoding.UTF8.GetBytes(Restored(input.Content!, before));
        return new Draft(before, bytes, Understand(bytes, before, place));
    }

    private static void Demand(Input input, StackPlace place, StackHome before)
    {
        if (input.Content is { } content && (content.Length > StackHome.Largest || Encoding.UTF8.GetByteCount(content) > StackHome.Largest)) throw Problem("content", value: null, $"is larger than {ByteSize.Format(StackHome.Largest)}", "Compose files are not as large as that: put what is large into files beside it.");
        if (input.Content is { } text && text.Contains('\0', StringComparison.Ordinal)) throw Problem("content", value: null, "holds NUL", "Give plain text.");
        if (before.IsLink) throw StackErrors.Make(ErrorKind.Conflict, "StackFileLinked", $"{before.Name} of stack {place} is a link to another file.", "Write that one by hand, or put a file in the place of the link.", place);
        if (before.Name is null && place.Project is not null) throw StackErrors.NoFile(place);
        if (before.Hash is not null && input.Hash is null) throw StackErrors.Make(ErrorKind.Conflict, "StackFileExists", $"Stack {place} has a compose file, {before.Name}.", $"Read it with Get-HlStackFile {place}, and give its hash.", place);
        if (!string.Equals(input.Hash ?? "", before.Hash ?? "", StringComparison.OrdinalIgnoreCase)) throw StackErrors.Changed(place);
    }

    private string Restored(string content, StackHome before)
    {
        var (text, problem) = HiddenSecrets.In(before.Text, _stacks.Yaml.Read(before.Text).Document).Restore(content, _stacks.Yaml);
        return text ?? throw Problem("content", value: null, $"cannot be written: {problem}", "Leave it where it stood when the file was read, or write a value of your own.");
    }

    private ComposeReading Understand(byte[] bytes, StackHome before, StackPlace place)
    {
        var name = before.Name ?? StackHome.NewName;
        var reading = (before with { Name = name, Bytes = bytes }).Understand(place, _stacks.Yaml);
        return reading.Services.Count > 0 ? reading : throw StackErrors.Make(ErrorKind.Invalid, "StackFileInvalid", $"The new {name} of stack {place} has no services.", "Give at least one below 'services:'.", place);
    }

    private static InputException Problem(string field, object? value, string reason, string wayOut) => new([new InputProblem(field, value?.ToString(), reason, wayOut)]);

    private sealed record Draft(StackHome Before, byte[] Bytes, ComposeReading Reading);
}
