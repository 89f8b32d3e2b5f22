BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File

    function Get-Message {
        # What people have got, oldest first.
        (Invoke-Control $lab Get messages).ForEach{ $_.text }.Where{ $_ }
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'Send-HlNotification' {
    It 'tells people <as>' -ForEach @(
        @{ as = 'by position'; text = 'The rack is moved at noon.'; call = { Send-HlNotification 'The rack is moved at noon.' } }
        @{ as = 'by parameters'; text = 'on one channel'; call = { Send-HlNotification -Text 'on one channel' -Channel telegram } }
        @{ as = 'by text from the pipeline'; text = 'piped'; call = { 'piped' | Send-HlNotification } }
        @{ as = 'by what a cmdlet showed'; text = 'gitea'; call = { Get-HlContainer gitea | Format-List Name | Out-String | Send-HlNotification } }
    ) {
        $sent = & $call
        $sent | Should -BeOfType ([Homelab.Notification])
        $sent.SentOn | Should -Be 'telegram'
        $sent.WaitsFor | Should -BeNullOrEmpty
        $told = @(Get-Message)[-1]
        $told | Should -Match ([regex]::Escape($text))
        $told | Should -Match 'interactive:' -Because 'people are told who says so'
    }

    It 'sends each text of the pipeline, and each once' {
        $before = @(Get-Message).Count
        @('one', 'two' | Send-HlNotification).Count | Should -Be 2
        @(Get-Message).Count - $before | Should -Be 2
    }

    It 'says under -WhatIf where it would send it, and sends nothing' {
        $before = @(Get-Message).Count
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Send-HlNotification Hello -WhatIf"
        $said.Output | Should -Match '^What if: Performing the operation "Send notification" on target "telegram/[0-9a-f]{12}"\.$'
        @(Get-Message).Count | Should -Be $before
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a channel that there is not'; call = { Send-HlNotification Hello -Channel mail }; id = 'ChannelNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a text that says nothing'; call = { Send-HlNotification '  ' }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a text that is too long'; call = { Send-HlNotification ('x' * 3501) }; id = 'InputInvalid'; category = 'InvalidArgument' }
    ) {
        $before = @(Get-Message).Count
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.SendHlNotificationCommand"
        $caught.CategoryInfo.Category | Should -Be $category
        @(Get-Message).Count | Should -Be $before
    }

    It 'says that the lab has no channel where it has none' {
        $null = Connect-Hl (Copy-LabFile $lab '(?m)^notify:\n.*\n' '')
        $caught = Get-Caught { Send-HlNotification Hello }
        $caught.FullyQualifiedErrorId | Should -Be 'ChannelNotFound,Homelab.PowerShell.SendHlNotificationCommand'
        "$caught" | Should -BeLike '*notify.telegram*'
    }
}
