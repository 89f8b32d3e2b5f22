using System.Globalization;

namespace Homelab.Providers.Cloudflare;

/// <summary>Cloudflare, as far as certificates need it: whether the token of the DNS challenge is taken.</summary>
public sealed class CloudflareProvider : Provider
{
    // A new token is a person's work; a week is enough for it.
    private const int DaysBefore = 7;

    private readonly CloudflareClient? _client;
    private readonly TimeProvider _time;

    /// <param name="context">The lab. Without <c>providers: cloudflare:</c> its operation says so.</param>
    public CloudflareProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        if (context.Settings<CloudflareSettings>(CloudflareClient.Target) is { } settings) _client = new CloudflareClient(settings, context);
        Operations = [new VerifyToken(_client)];
    }

    /// <inheritdoc/>
    public override string Name => CloudflareClient.Target;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_client is null ? [] : [new ConnectionLook(Name, "Look at providers.cloudflare in the lab file.", LookAsync)], _time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }

    private async Task<IReadOnlyList<LabCheck>> LookAsync(CancellationToken cancellationToken)
    {
        var token = await _client!.VerifyAsync(cancellationToken).ConfigureAwait(false);
        var reached = LabCheck.Ok(ConnectionLook.Connection, Name, "the API answers");
        if (!token.Valid) return [reached, LabCheck.Failed(ConnectionLook.Rights, Name, $"the token is {token}", CloudflareClient.Remedy)];
        if (token.ExpiresOn is not { } end) return [reached, LabCheck.Ok(ConnectionLook.Rights, Name, "the token is active")];
        var text = string.Create(CultureInfo.InvariantCulture, $"the token is active until {end:yyyy-MM-dd}");
        return [reached, end - _time.GetUtcNow() > TimeSpan.FromDays(DaysBefore) ? LabCheck.Ok(ConnectionLook.Rights, Name, text) : LabCheck.Warning(ConnectionLook.Rights, Name, text, CloudflareClient.Remedy)];
    }
}
