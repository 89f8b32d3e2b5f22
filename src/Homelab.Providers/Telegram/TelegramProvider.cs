namespace Homelab.Providers.Telegram;

/// <summary>Telegram: tells people, when the lab file's <c>notify:</c> names a bot.</summary>
public sealed class TelegramProvider : Provider
{
    private readonly TelegramNotifier? _notifier;
    private readonly TimeProvider _time;

    /// <param name="context">The lab. Without <c>notify: telegram:</c> there is no notifier.</param>
    public TelegramProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        if (context.Lab.Notify.Telegram is { } telegram) _notifier = new TelegramNotifier(telegram, context.Secrets, context.Time) { Trace = context.Trace };
    }

    /// <inheritdoc/>
    public override string Name => "telegram";

    /// <inheritdoc/>
    public override IEnumerable<INotifier> Notifiers => _notifier is null ? [] : [_notifier];

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_notifier is null ? [] : [_notifier.Look], _time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _notifier?.Dispose();
        return base.DisposeAsync();
    }
}
