using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Composition.Access;

/// <summary>Makes a bearer key for a program, and hands it over in a file that only its owner can read: no result, journal or audit ever holds it.</summary>
[Operation("access_create_key", Level.Manage, Risk.Change)]
[Description("Makes an API key for a program that comes in over HTTP (MCP or REST), and writes it to a file beside the lab file that only its owner can read.")]
[Example("New-HlApiKey claude; Get-Content keys/claude.key", "Make a key that may look, and show it.")]
[Example("New-HlApiKey ci -Level Operate -Operation docker_*, kuma_list_monitors -ExpiresIn 30d -PerMinute 60", "Make a key for some operations and for a month.")]
public sealed class CreateApiKey(AccessDesk desk) : Change<CreateApiKey.Input, AccessKey>
{
    private const string Absent = "absent";

    /// <summary>Whose key, and what for.</summary>
    public sealed record Input
    {
        /// <summary>Whom it is for.</summary>
        [Subject, Description("Whom it is for: the name by which the audit and access.identities know its calls, as mcp:<name> and rest:<name>."), RegularExpression("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
        public required string Name { get; init; }

        /// <summary>The most it may do.</summary>
        [Description("The most it may do. The lab file's access limits it further.")]
        public Level Level { get; init; } = Level.Monitor;

        /// <summary>The operations it is for.</summary>
        [Description("The operations it is for, by name or pattern such as docker_*. All when not given.")]
        public IReadOnlyList<string> Operation { get; init; } = [];

        /// <summary>How long it holds.</summary>
        [DurationRange("0s", "3650d"), Description("How long it holds; 0 for a key that does not end by itself.")]
        public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromDays(365);

        /// <summary>The most requests in a minute.</summary>
        [Range(0, 100_000), Description("The most requests in a minute; 0 for no limit of its own.")]
        public int PerMinute { get; init; }

        /// <summary>The file.</summary>
        [Description("The file, below the folder of the lab file. keys/<name>.key when not given.")]
        public string? Path { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var scope = input.Operation.Count == 0 ? "all operations" : ForeignText.Clean(string.Join(", ", input.Operation), 200);
        var end = input.ExpiresIn == TimeSpan.Zero ? "without an end" : $"for {Duration.Format(input.ExpiresIn)}";
        return new Intent($"Make API key of level {HomelabNames.Of(input.Level)} for {scope}, {end}:", new Target("key", input.Name));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var scope = ReadScope(input);
        if (input.Level == Level.None) throw new InputException([new InputProblem("level", "none", "lets nobody in", "Give monitor, operate, configure or manage.")]);
        input = input with { Path = input.Path ?? $"keys/{input.Name}.key" };
        await CheckNameAsync(input.Name, cancellationToken).ConfigureAwait(false);
        var keys = await desk.Store.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        var now = context.Time.GetUtcNow();
        if (keys.Any(k => k.Name == input.Name && k.Holds(now)))
        {
            throw Conflict("KeyExists", $"There is a key '{input.Name}' already, and it is told to nobody twice. Take it back with Revoke-HlApiKey, or give the new one another name.", input.Name);
        }

        var lies = await new KeyFile(desk.Folder, input.Path).ReadAsync(cancellationToken).ConfigureAwait(false);
        var hash = lies is { Length: > 0 } ? CredentialSecret.HashOf(lies) : null;
        // A key that opens no door any more is worth nothing; anything else is never overwritten.
        if (lies is null || keys.Any(k => k.Hash == hash && k.Holds(now)))
        {
            throw Conflict("KeyFileExists", $"{input.Path} is there already, and is never overwritten. Move it away, or give another -Path.", input.Path);
        }

        return new Prepared<Input>(input, Absent) { Findings = MayGive(context.Caller, input.Level, scope) };
    }

    /// <inheritdoc/>
    protected override async Task<AccessKey> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var secret = CredentialSecret.New(ApiKey.Prefix);
        var key = new ApiKey
        {
            Name = input.Name,
            Level = input.Level,
            Scope = ReadScope(input),
            PerMinute = input.PerMinute,
            CreatedAt = now,
            CreatedBy = context.Caller.ToString(),
            ExpiresAt = input.ExpiresIn == TimeSpan.Zero ? null : now + input.ExpiresIn,
            Hash = CredentialSecret.HashOf(secret),
        };
        var path = input.Path ?? throw new InvalidOperationException("A change began without its preparation.");
        var file = new KeyFile(desk.Folder, path);
        // The file first: a key in a file that opens nothing does no harm, and one that opens a door must not be lost.
        await file.WriteAsync(secret, cancellationToken).ConfigureAwait(false);
        if (!await desk.Store.AddKeyAsync(key, cancellationToken).ConfigureAwait(false))
        {
            file.Delete();
            throw Conflict("KeyExists", $"Somebody else made a key '{input.Name}' in this moment. Look at it with Get-HlApiKey.", input.Name);
        }

        context.SayActed();
        var made = await desk.Store.FindKeyAsync(key.Hash, cancellationToken).ConfigureAwait(false)
            ?? throw new HomelabException(ErrorKind.Failed, "KeyNotKept", $"The key '{input.Name}' was written down and is not there. Look with Get-HlApiKey.", input.Name);
        return AccessKey.Of(made, now) with { Path = path, Warning = WarnOf(input) };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark != Absent) return Settlement.Unknown;
        var now = context.Time.GetUtcNow();
        return (await desk.Store.ListKeysAsync(cancellationToken).ConfigureAwait(false)).Any(k => k.Name == input.Name && k.Holds(now)) ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private OperationScope ReadScope(Input input)
    {
        var scope = OperationScope.Of(input.Operation);
        var names = desk.Catalog.All.Select(static o => o.Descriptor.Name).ToArray();
        foreach (var pattern in scope.Patterns.Where(p => !names.Any(n => Wildcard.Matches(p, n))))
        {
            throw new InputException([new InputProblem("operation", pattern, "means no operation", NearestName.Hint(pattern, names))]);
        }

        return scope;
    }

    // A name stands for one: by its name a caller is known to policy and audit, and an approver to the desk.
    private async Task CheckNameAsync(string name, CancellationToken cancellationToken)
    {
        var lab = desk.Lab;
        if (lab.Rest.ContainsKey(name) || lab.Mcp.Clients.ContainsKey(name) || await desk.Clients.FindAsync(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            throw Conflict("KeyNameTaken", $"'{name}' is a client under rest: or mcp: of the lab file, or one that registered itself: whose calls they were could not be told apart. Give another name.", name);
        }

        if (ApproverList.Complete(lab).Approvers.Any(a => Wildcard.Matches(a, name) || Wildcard.Matches(a, $"rest:{name}") || Wildcard.Matches(a, $"mcp:{name}")))
        {
            throw Conflict("KeyNameOfApprover", $"policy.approval.approvers means '{name}': whoever holds the key could answer questions. Give another name, or let approvers say by which way they come, such as cli:anna.", name);
        }
    }

    private static IReadOnlyList<Finding> MayGive(Caller caller, Level level, OperationScope scope)
    {
        if (caller.Ceiling >= level && caller.Scope.Covers(scope)) return [];
        return [new Finding(Rules.Scope, Requirement.Deny, $"the credential of {caller} is for {caller.Scope} at level {caller.Ceiling}, and nobody gives more than he has", "Ask for less, or have a person make the key at a prompt.")];
    }

    private string? WarnOf(Input input)
    {
        var less = new[] { Face.Mcp, Face.Rest }.Select(f => (Face: f, Level: desk.Granted(f, input.Name))).Where(g => g.Level < input.Level).ToArray();
        if (less.Length == 0) return null;
        var limits = string.Join(" and ", less.Select(g => $"access lets {new Caller(g.Face, input.Name)} go no further than {HomelabNames.Of(g.Level)}"));
        var wish = string.Join(", ", less.Select(g => $"\"{new Caller(g.Face, input.Name)}\": {HomelabNames.Of(input.Level)}"));
        return $"The key is of level {HomelabNames.Of(input.Level)}, but {limits}. To let it: access: {{ identities: {{ {wish} }} }} in the lab file.";
    }

    private static HomelabException Conflict(string id, string message, string target) => new(ErrorKind.Conflict, id, message, target) { NothingHappened = true };
}
