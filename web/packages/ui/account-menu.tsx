import { msg, say } from "@atelier/strings";
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Text, makeStyles, tokens } from "@fluentui/react-components";
import { PersonRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  who: { display: "block", padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`, overflowWrap: "anywhere" },
});

/** AccountMenu shows who is signed in, offers what belongs to the account, and signs out. */
export function AccountMenu({ name, children, signOut }: { name: string; children?: ReactNode; signOut: () => void }) {
  const styles = useStyles();
  return (
    <Menu>
      <MenuTrigger>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={say(msg("account.menu", "Account of {name}"), { name })} />
      </MenuTrigger>
      <MenuPopover>
        <Text className={styles.who}>{say(msg("account.signed-in", "Signed in as {name}"), { name })}</Text>
        <MenuList>
          {children}
          <MenuItem onClick={signOut}>{say(msg("account.sign-out", "Sign out"))}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
