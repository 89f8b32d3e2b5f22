namespace Homelab.Lab.Proxmox;

/// <summary>Who may call a route, as data: the same tree as the <c>permissions</c> of the API's own description.</summary>
public sealed record SimulatedRights
{
    private const string UserKind = "user";

    /// <summary><c>user</c>, <c>perm</c>, <c>perm-modify</c>, <c>userid-param</c>, <c>userid-group</c>, <c>and</c> or <c>or</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>world</c> or <c>all</c> for <c>user</c>; the path with its variables for <c>perm</c>; <c>self</c> or a privilege for <c>userid-param</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The privileges it takes.</summary>
    public IReadOnlyList<string> Privileges { get; init; } = [];

    /// <summary>True when one of the privileges is enough.</summary>
    public bool Any { get; init; }

    /// <summary>Only checked when this parameter is there.</summary>
    public string? RequiredParameter { get; init; }

    /// <summary>What <c>and</c> and <c>or</c> join.</summary>
    public IReadOnlyList<SimulatedRights> Parts { get; init; } = [];

    /// <summary>Nobody need be logged in.</summary>
    public static SimulatedRights World { get; } = new() { Kind = UserKind, Subject = "world" };

    /// <summary>Everybody who is logged in; the route looks closer by itself.</summary>
    public static SimulatedRights Everybody { get; } = new() { Kind = UserKind, Subject = "all" };

    /// <summary>The caller is the user of the parameter <c>userid</c>.</summary>
    public static SimulatedRights Self { get; } = new() { Kind = "userid-param", Subject = "self" };

    /// <summary>A privilege on the realm of the user of <c>userid</c>.</summary>
    public static SimulatedRights OfUsersRealm(string privilege) => new() { Kind = "userid-param", Subject = privilege };

    /// <summary>All of the privileges on a path.</summary>
    public static SimulatedRights On(string path, params IReadOnlyList<string> privileges) => new() { Kind = "perm", Subject = path, Privileges = privileges };

    /// <summary>One of the privileges on a path.</summary>
    public static SimulatedRights OnAny(string path, params IReadOnlyList<string> privileges) => On(path, privileges) with { Any = true };

    /// <summary>All of them.</summary>
    public static SimulatedRights And(params IReadOnlyList<SimulatedRights> parts) => new() { Kind = "and", Parts = parts };

    /// <summary>One of them.</summary>
    public static SimulatedRights Or(params IReadOnlyList<SimulatedRights> parts) => new() { Kind = "or", Parts = parts };

    /// <summary>A privilege on the groups of the user of <c>userid</c>.</summary>
    public static SimulatedRights OnUsersGroups(params IReadOnlyList<string> privileges) => new() { Kind = "userid-group", Privileges = privileges };

    /// <summary>May give rights on a path away.</summary>
    public static SimulatedRights Modify(string path) => new() { Kind = "perm-modify", Subject = path };
}
