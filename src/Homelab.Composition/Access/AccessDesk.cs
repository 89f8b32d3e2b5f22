namespace Homelab.Composition.Access;

/// <summary>Who may come in: what the doors and the operations of this process share.</summary>
/// <param name="lab">The lab.</param>
/// <param name="decider">Who may what, as it holds now.</param>
/// <param name="folder">The folder of the lab file.</param>
/// <param name="store">Keys, registrations and grants.</param>
/// <param name="catalog">What there is; asked when it is complete.</param>
/// <param name="time">The clock.</param>
public sealed class AccessDesk(LabDefinition lab, Decider decider, string folder, ICredentialStore store, Func<OperationCatalog> catalog, TimeProvider time)
{
    /// <summary>The lab.</summary>
    public LabDefinition Lab { get; } = lab;

    /// <summary>The store.</summary>
    public ICredentialStore Store { get; } = store;

    /// <summary>Keys and tokens as doors look them up.</summary>
    public CredentialCache Credentials { get; } = new(store, time);

    /// <summary>The OAuth clients.</summary>
    public OAuthClients Clients { get; } = new(lab.Mcp, store);

    /// <summary>The consents that browsers ask for now.</summary>
    public ConsentBook Consents { get; } = new();

    internal string Folder { get; } = folder;

    internal OperationCatalog Catalog => catalog();

    /// <summary>What the lab file lets somebody do who comes in by a face, whatever his credential says.</summary>
    internal Level Granted(Face face, string identity) => decider.Access.Identities.TryGetValue(new Caller(face, identity).ToString(), out var own) ? own : decider.Access.Of(face);
}
