namespace Homelab;

/// <summary>The names of the gate's rules, as decisions, refusals and audits give them. Stable for ever.</summary>
public static class Rules
{
    /// <summary>The level of the face and the identity.</summary>
    public const string Level = "access.level";

    /// <summary>The operations that the caller's credential is for.</summary>
    public const string Scope = "access.scope";

    /// <summary>The permission matrix: what the operation or the policy demands.</summary>
    public const string Matrix = "policy.matrix";

    /// <summary>The command policy.</summary>
    public const string Command = "policy.command";

    /// <summary>What a stack may do to the host it runs on.</summary>
    public const string Privilege = "policy.privilege";

    /// <summary>A stricter rule for the target.</summary>
    public const string Target = "policy.target";

    /// <summary>The target is protected.</summary>
    public const string Protected = "protect.target";

    /// <summary>The target is what we run on or are reached by.</summary>
    public const string Self = "protect.self";

    /// <summary>A quiet window is open.</summary>
    public const string Window = "window.quiet";

    /// <summary>The caller itself asked to be held back.</summary>
    public const string Caller = "caller.asks";

    /// <summary>The target was changed a moment ago.</summary>
    public const string Cooldown = "limit.cooldown";

    /// <summary>The target was changed too often.</summary>
    public const string Budget = "limit.attempts";

    /// <summary>Too much was changed in the whole lab.</summary>
    public const string Rate = "limit.rate";

    /// <summary>Too much of one host was interrupted.</summary>
    public const string Blast = "limit.blast";

    /// <summary>Healing is suspended.</summary>
    public const string Suspended = "healing.suspended";

    /// <summary>Another change of the target is under way, or its end is not known.</summary>
    public const string InFlight = "limit.inflight";
}
