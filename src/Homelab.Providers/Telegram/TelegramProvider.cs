namespace Homelab.Providers.Telegram;

/// <summary>Telegram: tells people, when the lab file's <c>notify:</c> names a bot, and asks them when it names who may answer.</summary>
public sealed class TelegramProvider : Provider
{
    private readonly TelegramNotifier? _notifier;
    private readonly TelegramApprovals? _approvals;
    private readonly TimeProvider _time;

    /// <param name="context">The lab. Without <c>notify: telegram:</c> there is no notifier, and without its <c>approvers</c> nobody is asked.</param>
    public TelegramProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        if (context.Lab.Notify.Telegram is not { } telegram) return;
        _notifier = new TelegramNotifier(telegram, context.Secrets, context.Time) { Trace = context.Trace };
        if (telegram.Approvers.Count > 0) _approvals = new TelegramApprovals(telegram, context.Secrets, context.Time) { Trace = context.Trace };
    }

    /// <inheritdoc/>
    public override string Name => "telegram";

    /// <inheritdoc/>
    public override IEnumerable<INotifier> Notifiers => _notifier is null ? [] : [_notifier];

    /// <inheritdoc/>
    public override IEnumerable<IApprovalChannel> ApprovalChannels => _approvals is null ? [] : [_approvals];

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_notifier is null ? [] : [_notifier.Look], _time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _notifier?.Dispose();
        _approvals?.Dispose();
        return base.DisposeAsync();
    }
}
