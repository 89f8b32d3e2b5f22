namespace Homelab.Providers.Scripts;

/// <summary>PowerShell scripts of the lab, run by a child <c>pwsh</c> on this machine. Nothing else needs that shell.</summary>
public sealed class ScriptsProvider : Provider
{
    private const string Key = "scripts";

    private readonly ScriptFolder _folder;
    private readonly Pwsh _pwsh;
    private readonly TimeProvider _time;
    private readonly bool _isConfigured;

    /// <param name="context">The lab. Without settings scripts are looked for in <c>scripts</c> beside the lab file.</param>
    public ScriptsProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var settings = context.Settings<ScriptsSettings>(Key);
        _isConfigured = settings is not null;
        _time = context.Time;
        _folder = new ScriptFolder(Path.GetFullPath(settings?.Folder ?? new ScriptsSettings().Folder, context.BasePath));
        _pwsh = new Pwsh(settings?.Pwsh is { Length: > 0 } program ? Path.GetFullPath(program, context.BasePath) : null, Environment.GetEnvironmentVariable);
        Operations = [new RunScript(_folder, _pwsh, context.Commands, context.Turns)];
    }

    /// <inheritdoc/>
    public override string Name => Key;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    // Who does not name scripts in the lab file need not have any, nor the shell.
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_isConfigured ? [new ConnectionLook(Key, "Look at providers.scripts in the lab file.", LookAsync)] : [], _time, cancellationToken);

    private Task<IReadOnlyList<LabCheck>> LookAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LabCheck>>([LabCheck.Ok(ConnectionLook.Connection, Key, $"{_folder.Count()} scripts in {_folder.Path}, run by {_pwsh.Find()}")]);
}
